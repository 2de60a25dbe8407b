package io.bytelm.session;

import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import java.util.List;

/**
 * A savepoint of sessions over canonical tokenizations, and what they went through around it.
 *
 * @param name the file among the test resources
 * @param before records that had had all of their effect
 * @param inTheMiddle records of which some were in the middle
 * @param after records after the savepoint
 * @param decodes whether they decode, else they score
 */
record CanonicalSavepoint(
        String name,
        List<InputRecord> before,
        List<InputRecord> inTheMiddle,
        List<InputRecord> after,
        boolean decodes) {
    private static final String CANONICAL = "\"tokenizations\":\"canonical\"";
    private static final String REGEX = "\"constraint\":{\"kind\":\"regex\",\"source\":\"([a-z]{3}, ){9,30}end\"}";
    private static final String TEXT = StoredSavepoint.TEXT.replace("\"", "");

    String path() {
        return "src/test/resources/savepoints/" + name;
    }

    /** Whether one session stands in the middle of a record, one in that of its prompt, and one in that of its output. */
    boolean isInTheMiddle(List<SessionState> states) {
        Class<?> reading = decodes ? Steered.class : Open.class;
        boolean isReading =
                states.stream().anyMatch(state -> state instanceof Partway at && reading.isInstance(at.session()));
        boolean isDrawing = states.stream()
                        .filter(state -> state instanceof Driven driven && driven.rounds() > 0)
                        .count()
                == (decodes ? 2 : 0);
        return isReading && isDrawing && states.stream().anyMatch(Opening.class::isInstance);
    }

    static CanonicalSavepoint scoring() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        List<InputRecord> before = List.of(
                in.record("exact", "open", null, "{\"tokenizations\":\"canonical\",\"emit\":\"byte\",\"top\":3}"),
                in.record("exact", null, null, "Once upon a ti"),
                in.record("gone", "open", null, "{\"tokenizations\":\"canonical\"}"),
                in.record("gone", null, null, "the e"),
                in.record("gone", "end", null, ""),
                in.record(
                        "deferred",
                        "open",
                        null,
                        "{\"tokenizations\":\"canonical\",\"defer\":0.05,\"prompt\":\"Dear Sir,\",\"eos_tokens\":[\"the\"]}"));
        List<InputRecord> inTheMiddle = List.of(
                in.record("deferred", null, null, " it was 1889, and I don't   know.\n\n Grüße " + TEXT),
                in.record("prompted", "open", null, "{\"tokenizations\":\"canonical\",\"prompt\":\"" + TEXT + "\"}"));
        List<InputRecord> after = List.of(
                in.record("exact", null, null, "me there was"),
                in.record("exact", "end", null, ""),
                in.record("deferred", null, null, " More of 12345 it."),
                in.record("deferred", "end", null, ""),
                in.record("prompted", null, null, "the end"),
                in.record("prompted", "end", null, ""));
        return new CanonicalSavepoint("canonical-format-4", before, inTheMiddle, after, false);
    }

    static CanonicalSavepoint decoding() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        String steered = "{\"mode\":\"steered\"," + CANONICAL;
        String driven = "{\"mode\":\"driven\"," + CANONICAL;
        String prompt = ",\"prompt\":\"" + TEXT.repeat(9) + "\"";
        List<InputRecord> before = List.of(
                in.record("bounded", "open", null, steered + "," + REGEX + ",\"max_bytes\":60,\"top\":3}"),
                in.record("bounded", null, null, "one, t"),
                in.record("deferred", "open", null, steered + ",\"defer\":0.05,\"prompt\":\"Dear Sir,\"}"),
                in.record("deferred", null, null, " it was 1889"),
                in.record("finished", "open", null, driven + ",\"seed\":3,\"max_bytes\":9}"));
        List<InputRecord> inTheMiddle = List.of(
                in.record("drawn", "open", null, driven + ",\"emit\":\"byte\",\"top\":2,\"max_bytes\":90}"),
                in.record("particles", "open", null, driven + ",\"defer\":0.01,\"particles\":2," + REGEX + "}"),
                in.record("deferred", null, null, TEXT.repeat(9)),
                in.record("prompted", "open", null, driven + prompt + ",\"seed\":1,\"max_bytes\":12}"));
        List<InputRecord> after = List.of(
                in.record("bounded", null, null, "wo, "),
                in.record("bounded", null, null, "Not allowed"),
                in.record("bounded", "end", null, ""),
                in.record("deferred", null, null, " More of 12345 it."),
                in.record("deferred", "end", null, "!"),
                in.record("finished", "open", null, driven + ",\"seed\":4,\"max_bytes\":9}"),
                in.record("drawn", null, null, "late"));
        return new CanonicalSavepoint("canonical-decoding-format-5", before, inTheMiddle, after, true);
    }

    @Override
    public String toString() {
        return name;
    }
}
