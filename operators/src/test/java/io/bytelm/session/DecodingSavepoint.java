package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decoding sessions: driven ones in the middle of their outputs (plain, with particles, with a schema), not begun, and
 * finished; steered ones with a long context, under a constraint, and ended; one that scores; records that wait.
 */
final class DecodingSavepoint {
    private static final String LONG = StoredSavepoint.TEXT.repeat(12);
    private static final String REGEX = "\"constraint\":{\"kind\":\"regex\",\"source\":\"([a-z]{3}, ){9,30}end\"}";
    private static final String NUMBERS = "\"constraint\":{\"kind\":\"json-schema\",\"source\":{\"type\":\"array\","
            + "\"items\":{\"type\":\"integer\"},\"minItems\":20,\"maxItems\":30}}";

    private DecodingSavepoint() {}

    static StoredSavepoint formatOne() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        return new StoredSavepoint(
                "decoding-sessions-format-1",
                before(in),
                begun(in),
                inFlight(in),
                after(in),
                Set.of("steered", "drawn"),
                Map.of("steered", 2, "bounded", 2, "finished", 2, "left", 2, "scored", 1, "drawn", 16, "numbers", 1),
                false);
    }

    private static List<InputRecord> before(StoredSavepoint.Input in) {
        return List.of(
                in.record("steered", "open", null, "{\"mode\":\"steered\",\"top\":3,\"prompt\":\"" + LONG + "\"}"),
                in.record("steered", null, null, "the en"),
                in.record("bounded", "open", "1", "{\"mode\":\"steered\"," + REGEX + ",\"max_bytes\":60,\"top\":2}"),
                in.record("bounded", null, "2", "one, t"),
                in.record("finished", "open", "7", "{\"mode\":\"driven\",\"seed\":3,\"max_bytes\":12}"),
                in.record("left", "open", null, "{\"mode\":\"steered\"," + REGEX + "}"),
                in.record("left", "end", null, ""),
                in.record("scored", null, null, "the end"));
    }

    private static List<InputRecord> begun(StoredSavepoint.Input in) {
        String drawn = "\"emit\":\"byte\",\"top\":2,\"seed\":5,\"max_bytes\":70,\"prompt\":\"" + LONG + "\"}";
        return List.of(
                in.record("drawn", "open", "1", "{\"mode\":\"driven\"," + drawn),
                in.record("particles", "open", null, "{\"mode\":\"driven\",\"particles\":3,\"seed\":2," + REGEX + "}"),
                in.record("numbers", "open", null, "{\"mode\":\"driven\",\"emit\":\"chunk\"," + NUMBERS + "}"));
    }

    private static List<InputRecord> inFlight(StoredSavepoint.Input in) {
        return List.of(
                in.record("drawn", null, "2", "waits for the end of the output"),
                in.record("unbegun", "open", null, "{\"mode\":\"driven\",\"seed\":9,\"max_bytes\":20}"),
                in.record("steered", null, null, "d"),
                in.record("bounded", null, "3", "wo, "));
    }

    private static List<InputRecord> after(StoredSavepoint.Input in) {
        return List.of(
                in.record("steered", null, null, ". Gr"),
                in.record("steered", "end", null, ""),
                in.record("bounded", null, "3", "a repeat"),
                in.record("bounded", null, "4", "Not allowed"),
                in.record("bounded", null, "5", "ten"),
                in.record("finished", "open", "7", "a repeat"),
                in.record("finished", null, null, "late"),
                in.record("finished", "open", "8", "{\"mode\":\"driven\",\"seed\":4,\"max_bytes\":9}"),
                in.record("left", null, null, "late"),
                in.record("drawn", "open", "1", "a repeat"),
                in.record("particles", "end", null, ""),
                in.record("numbers", null, null, "late"),
                in.record("scored", null, null, "!"),
                in.record("scored", "end", null, ""));
    }
}
