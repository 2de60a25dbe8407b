package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Scoring sessions: short, long, ended and at a dead end, with and without numbers, and some records in flight. */
final class ScoringSavepoint {
    private static final String FRAGILE =
            "{\"k\": 1, \"eos_tokens\": [\"!\", \".\"], \"heal\": false, \"emit\": \"byte\"}";

    private ScoringSavepoint() {}

    static StoredSavepoint formatOne() {
        return named("sessions-format-1");
    }

    static StoredSavepoint formatThree() {
        return named("sessions-format-3");
    }

    private static StoredSavepoint named(String name) {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        return new StoredSavepoint(
                name,
                before(in),
                List.of(),
                inFlight(in),
                after(in),
                Set.of("long"),
                Map.of("long", 12, "short", 7, "ended", 2, "fragile", 9, "numbered", 1),
                true);
    }

    private static List<InputRecord> before(StoredSavepoint.Input in) {
        List<InputRecord> input = new ArrayList<>();
        for (int chunk = 0; chunk < 12; chunk++) {
            input.add(in.record("long", null, null, StoredSavepoint.TEXT));
        }
        input.add(in.record("short", "open", null, "{\"prompt\": \"the en\", \"emit\": \"byte\", \"top\": 3}"));
        input.add(in.record("short", null, null, "d. Grü"));
        input.add(in.record("ended", null, "1", "hello"));
        input.add(in.record("ended", "end", "2", ""));
        input.add(in.record("fragile", "open", null, FRAGILE));
        input.add(in.record("fragile", null, null, StoredSavepoint.TEXT));
        input.add(in.record("numbered", null, "41", "the "));
        return input;
    }

    private static List<InputRecord> inFlight(StoredSavepoint.Input in) {
        return List.of(
                in.record("long", null, null, "hello"),
                in.record("long", null, null, " world"),
                in.record("numbered", null, "42", "end"),
                in.record("new", null, null, "日"));
    }

    private static List<InputRecord> after(StoredSavepoint.Input in) {
        return List.of(
                in.record("long", null, null, StoredSavepoint.TEXT),
                in.record("long", "end", null, ""),
                in.record("short", null, null, "ße"),
                in.record("short", "end", null, ""),
                in.record("ended", null, "1", "hello"),
                in.record("ended", null, null, "late"),
                in.record("fragile", null, null, "more"),
                in.record("fragile", "end", null, ""),
                in.record("numbered", null, "42", "end"),
                in.record("numbered", null, "43", "."),
                in.record("new", null, null, "本"));
    }
}
