package io.bytelm.record.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DeadLetterHeadersTest {
    @Test
    void theySayWhyAndWhereFrom() {
        InputRecord input =
                new InputRecord(null, "opne", null, new SourcePosition("texts", 3, 1L << 40, 1700000000000L));
        assertThat(DeadLetterHeaders.added(new DeadLetter(input, "unknown-op", "no such op")))
                .containsExactly(
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
        assertThat(DeadLetterHeaders.added(letter))
                .containsEntry("bytelm.error.exception", "java.lang.Error: no")
                .containsEntry("bytelm.bytes.read", "4")
                .containsEntry(
                        "bytelm.error.message",
                        "no; the first 4 of its 9 bytes were read before and stay read: send only the others again");
        assertThat(DeadLetterHeaders.added(new DeadLetter(input, "no-key", "").after(0)))
                .doesNotContainKeys("bytelm.error.exception", "bytelm.bytes.read");
    }

    private static List<String> kept(InputRecord input) {
        return DeadLetterHeaders.kept(input).stream()
                .map(header ->
                        header.name() + "=" + (header.value() == null ? null : new String(header.value(), UTF_8)))
                .toList();
    }

    private static RecordHeader header(String name, @Nullable String value) {
        return new RecordHeader(name, value == null ? null : value.getBytes(UTF_8));
    }

    @Test
    void theInputsOwnHeadersStayInTheirOrderAlsoTwiceAndWithoutAValue() {
        List<RecordHeader> headers = List.of(
                header("trace", "1"),
                header("bytelm.op", "open"),
                header("none", null),
                header("trace", "1"),
                header("bytelm.mine", "x"),
                header("bytelm.op", "opne"));
        InputRecord input = new InputRecord(null, "opne", null, null, headers, new SourcePosition("texts", 0, 0, 0));
        assertThat(kept(input))
                .containsExactly(
                        "trace=1", "bytelm.op=open", "none=null", "trace=1", "bytelm.mine=x", "bytelm.op=opne");
    }

    @Test
    void whatAnEarlierDeadLetterSaidIsNotKept() {
        SourcePosition source = new SourcePosition("texts", 0, 0, 0);
        List<RecordHeader> sentAgain = new ArrayList<>(List.of(header("trace", "1"), header("bytelm.seq", "7")));
        DeadLetter earlier = new DeadLetter(
                new InputRecord(null, null, new byte[9], source), "internal-error", "no", 4, "java.lang.Error: no");
        DeadLetterHeaders.added(earlier).forEach((name, text) -> sentAgain.add(header(name, text)));
        for (String part : List.of("bytelm.value", "bytelm.key", "bytelm.op", "bytelm.seq", "bytelm.headers")) {
            sentAgain.add(header(part + ".bytes", "9"));
            sentAgain.add(header(part + ".cut", "1"));
        }
        assertThat(kept(new InputRecord(null, null, "7", null, sentAgain, source)))
                .containsExactly("trace=1", "bytelm.seq=7");
    }

    @Test
    void opAndNumberThatAnOlderVersionHasKeptAreThere() {
        InputRecord input = new InputRecord(null, "opne", "x", null, new SourcePosition("texts", 0, 0, 0));
        assertThat(kept(input)).containsExactly("bytelm.op=opne", "bytelm.seq=x");
    }

    @Test
    void anAbsentOpStaysAbsent() {
        assertThat(kept(new InputRecord(null, null, null, new SourcePosition("texts", 0, 0, 0))))
                .isEmpty();
    }
}
