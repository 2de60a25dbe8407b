package io.bytelm.session;

import io.bytelm.beam.ToyModel;
import io.bytelm.combine.Combination;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.InputRecord;
import io.bytelm.record.Observations;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A savepoint of sessions of the kinds that formats 5 and 6 have brought, and what they went through around it.
 *
 * @param name the file among the test resources
 * @param models whose sessions they are
 * @param combination of several; null for one
 * @param before records that had had all of their effect
 * @param inTheMiddle records of which some were in the middle
 * @param after records after the savepoint
 * @param kinds states that there were then
 */
record SessionsSavepoint(
        String name,
        List<Vocabulary> models,
        @Nullable Combination combination,
        List<InputRecord> before,
        List<InputRecord> inTheMiddle,
        List<InputRecord> after,
        List<Predicate<SessionState>> kinds) {
    private static final Vocabulary SHORT = ToyModel.vocabulary("", "<", "a", "b", "c", "ab", "bc", " ", " a");
    private static final Vocabulary LONG = ToyModel.vocabulary(" ", "<", "a", "b", "ca", "c", "abc", "cc", " ");
    private static final String TEXT = "abc ca bab aab cab cc abcab ";
    private static final String LETTERS =
            "\"constraint\":{\"kind\":\"regex\",\"source\":\"[abc ]{9,900}\"},\"eos_tokens\":[]";

    String path() {
        return "src/test/resources/savepoints/" + name;
    }

    /** Whether there is a session of each kind. */
    boolean isInTheMiddle(List<SessionState> states) {
        return kinds.stream().allMatch(kind -> states.stream().anyMatch(kind));
    }

    private static boolean isIn(SessionState state, Predicate<SessionState> session) {
        return state instanceof Partway partway && session.test(partway.session());
    }

    private static boolean isObserved(SessionState state) {
        return state instanceof Open open && !open.observations().equals(Observations.NONE);
    }

    private static boolean hasLeftOut(SessionState state) {
        return state instanceof Open open
                && open.leftOut() != null
                && open.totals().skippedBytes() > 0;
    }

    /** Sessions that tell spans, windows and tokens, and such that read on after dead ends. */
    static SessionsSavepoint observed() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        String observing =
                "{\"spans\":\"words\",\"anomaly\":{\"window_bytes\":3},\"settled_tokens\":true,\"emit\":\"byte\"}";
        return new SessionsSavepoint(
                "observed-format-5",
                List.of(SHORT),
                null,
                List.of(
                        in.record("told", "open", null, observing),
                        in.record("told", null, null, TEXT + "ab"),
                        in.record("kept", "open", null, "{\"spans\":{\"regex\":\"b+\"}}"),
                        in.record("kept", null, null, "abb"),
                        in.record("restarting", "open", null, "{\"on_dead_end\":\"restart\"}"),
                        in.record("restarting", null, null, "abxc")),
                List.of(
                        in.record("told", null, null, TEXT.repeat(12)),
                        in.record("restarting", null, null, (TEXT + "xx").repeat(12)),
                        in.record(
                                "prompted",
                                "open",
                                null,
                                "{\"on_dead_end\":\"restart\",\"prompt\":\"" + ("x" + TEXT).repeat(12) + "\"}")),
                List.of(
                        in.record("told", null, null, "bca a"),
                        in.record("told", "end", null, "b"),
                        in.record("kept", "end", null, "bba"),
                        in.record("restarting", "end", null, "xca"),
                        in.record("prompted", null, null, "abx"),
                        in.record("prompted", "end", null, "")),
                List.of(
                        SessionsSavepoint::isObserved,
                        state -> isIn(state, SessionsSavepoint::isObserved),
                        state -> isIn(state, SessionsSavepoint::hasLeftOut),
                        state -> state instanceof Opening opening && opening.leftOut() != null));
    }

    /** Sessions of two models that score and that decode. */
    static SessionsSavepoint combined() {
        StoredSavepoint.Input in = new StoredSavepoint.Input();
        String long0 = TEXT.repeat(9);
        return new SessionsSavepoint(
                "combined-format-6",
                List.of(SHORT, LONG),
                Combination.product(List.of(1.0, 0.5)),
                List.of(
                        in.record("scored", "open", null, "{\"spans\":\"words\",\"emit\":\"byte\",\"top\":2}"),
                        in.record("scored", null, null, "abc a"),
                        in.record("steered", "open", null, "{\"mode\":\"steered\"," + LETTERS + ",\"top\":3}"),
                        in.record("steered", null, null, "ab c"),
                        in.record("bounded", "open", null, "{\"mode\":\"steered\",\"max_bytes\":50," + LETTERS + "}")),
                List.of(
                        in.record("scored", null, null, long0),
                        in.record("steered", null, null, long0),
                        in.record("prompted", "open", null, "{\"prompt\":\"" + long0 + "\"}"),
                        in.record(
                                "drawn",
                                "open",
                                null,
                                "{\"mode\":\"driven\",\"particles\":2,\"max_bytes\":70," + LETTERS + "}")),
                List.of(
                        in.record("scored", "end", null, "ca"),
                        in.record("steered", null, null, "x"),
                        in.record("steered", null, null, "abc"),
                        in.record("steered", "end", null, ""),
                        in.record("bounded", "end", null, "abc abc abc"),
                        in.record("prompted", null, null, "abc"),
                        in.record("drawn", null, null, "late")),
                List.of(
                        Steered.class::isInstance,
                        Driven.class::isInstance,
                        Opening.class::isInstance,
                        state -> isIn(state, SessionsSavepoint::isObserved),
                        state -> isIn(state, Steered.class::isInstance)));
    }

    @Override
    public String toString() {
        return name;
    }
}
