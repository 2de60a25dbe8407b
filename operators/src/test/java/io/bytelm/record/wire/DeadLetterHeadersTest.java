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
    void anAbsentOpStaysAbsent() {
        InputRecord input = new InputRecord(null, null, null, new SourcePosition("texts", 0, 0, 0));
        assertThat(DeadLetterHeaders.of(new DeadLetter(input, "no-key", ""))).doesNotContainKey("bytelm.op");
    }
}
