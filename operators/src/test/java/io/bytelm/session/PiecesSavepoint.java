package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sessions in the middle of a record: a chunk that is scored, one that is steered, two prompts, one of them after an end. */
final class PiecesSavepoint {
    private static final String LONG = StoredSavepoint.TEXT.repeat(24);

    private PiecesSavepoint() {}

    static StoredSavepoint formatTwo() {
        return named("pieces-format-2");
    }

    static StoredSavepoint formatThree() {
        return named("pieces-format-3");
    }

    private static StoredSavepoint named(String name) {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        return new StoredSavepoint(
                name,
                before(in),
                begun(in),
                inFlight(in),
                after(in),
                Set.of("scored", "steered", "prompt"),
                Map.of("steered", 1, "again", 2),
                true);
    }

    private static List<InputRecord> before(StoredSavepoint.Input in) {
        return List.of(
                in.record("scored", "open", "1", "{\"prompt\": \"the en\", \"top\": 3}"),
                in.record("steered", "open", null, "{\"mode\":\"steered\",\"top\":2}"),
                in.record("again", null, null, "hello"),
                in.record("again", "end", null, ""));
    }

    private static List<InputRecord> begun(StoredSavepoint.Input in) {
        return List.of(
                in.record("scored", null, "2", LONG),
                in.record("steered", null, null, LONG),
                in.record("prompt", "open", "1", "{\"prompt\": \"" + LONG + "\", \"eos_tokens\": [\".\"]}"),
                in.record("again", "open", null, "{\"mode\":\"driven\",\"max_bytes\":9,\"prompt\":\"" + LONG + "\"}"));
    }

    private static List<InputRecord> inFlight(StoredSavepoint.Input in) {
        return List.of(in.record("scored", null, "3", "hello"), in.record("prompt", null, "2", "the end"));
    }

    private static List<InputRecord> after(StoredSavepoint.Input in) {
        return List.of(
                in.record("scored", null, "2", "a repeat"),
                in.record("scored", "end", "4", ""),
                in.record("steered", "end", null, ""),
                in.record("prompt", "end", null, ""),
                in.record("again", null, null, "late"));
    }
}
