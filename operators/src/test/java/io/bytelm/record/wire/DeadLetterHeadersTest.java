package io.bytelm.record.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import org.junit.jupiter.api.Test;

class DeadLetterHeadersTest {
    @Test
    void theySayWhyAndWhereFrom() {
        InputRecord input =
                new InputRecord(null, "opne", null, new SourcePosition("texts", 3, 1L << 40, 1700000000000L));
        assertThat(DeadLetterHeaders.of(new DeadLetter(input, "unknown-op", "no such op")))
                .containsExactly(
                        entry("bytelm.op", "opne"),
                        entry("bytelm.error.reason", "unknown-op"),
                        entry("bytelm.error.message", "no such op"),
                        entry("bytelm.source.topic", "texts"),
                        entry("bytelm.source.partition", "3"),
                        entry("bytelm.source.offset", "1099511627776"),
                        entry("bytelm.source.timestamp", "1700000000000"));
    }

    @Test
    void anExceptionAndTheBytesReadAreToldWhereThereAreAny() {
        InputRecord input = new InputRecord(null, null, new byte[9], new SourcePosition("texts", 0, 0, 0));
        DeadLetter letter = new DeadLetter(input, "internal-error", "no", 0, "java.lang.Error: no").after(4);
        assertThat(DeadLetterHeaders.of(letter))
                .containsEntry("bytelm.error.exception", "java.lang.Error: no")
                .containsEntry("bytelm.bytes.read", "4")
                .containsEntry(
                        "bytelm.error.message",
                        "no; the first 4 of its 9 bytes were read before and stay read: send only the others again");
        assertThat(DeadLetterHeaders.of(new DeadLetter(input, "no-key", "").after(0)))
                .doesNotContainKeys("bytelm.error.exception", "bytelm.bytes.read");
    }

    @Test
    void anAbsentOpStaysAbsent() {
        InputRecord input = new InputRecord(null, null, null, new SourcePosition("texts", 0, 0, 0));
        assertThat(DeadLetterHeaders.of(new DeadLetter(input, "no-key", ""))).doesNotContainKey("bytelm.op");
    }
}
