package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.InputRecord;
import io.bytelm.record.RecordHeader;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Records whose headers wait with them, and ends that are in the middle of the bytes that they bring. */
final class HeadersSavepoint {
    private static final String LONG = StoredSavepoint.TEXT.repeat(24);

    private HeadersSavepoint() {}

    static StoredSavepoint inputFormatTwo() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        return new StoredSavepoint(
                "headers-input-format-2",
                List.of(
                        in.record("scored", null, "1", "hello"),
                        in.record("steered", "open", null, "{\"mode\":\"steered\",\"top\":2}")),
                List.of(
                        in.record("scored", "end", "2", LONG),
                        in.record("steered", "end", null, LONG),
                        in.record("own", "end", null, LONG)),
                List.of(
                        withHeaders(in.record("scored", null, "3", "late")),
                        withHeaders(in.record("own", "opne", null, "{}"))),
                List.of(withHeaders(in.record("steered", "end", "x", "later")), in.record("scored", "open", "3", "{}")),
                Set.of("scored", "steered", "own"),
                Map.of("scored", 1, "steered", 1),
                true);
    }

    private static InputRecord withHeaders(InputRecord record) {
        List<RecordHeader> headers = List.of(
                new RecordHeader("trace", "a".getBytes(UTF_8)),
                new RecordHeader("none", null),
                new RecordHeader("trace", new byte[] {(byte) 0xFF}));
        return new InputRecord(record.key(), record.op(), record.sequence(), record.value(), headers, record.source());
    }
}
