package io.bytelm.job.sql;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.StateRoom;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.function.Supplier;

/**
 * A model that is open, and how a text begins on it.
 *
 * @param contextTokens how many tokens of a context it reads at most
 * @param canonicalRules how its tokenizer writes texts; fails with
 *     {@link io.bytelm.service.NoCanonicalTokenizationsException} if that cannot be followed
 */
record OpenedModel(
        Vocabulary vocabulary, long contextTokens, Supplier<CanonicalRules> canonicalRules, SessionDefaults defaults) {
    /** Whether a text is read on after a dead end. */
    boolean restarts() {
        return defaults.onDeadEnd() == OnDeadEnd.RESTART;
    }

    /** The beam before a text. */
    Step<Beam> begin(BeamParams params) {
        return Beam.initial(beforeTexts(), params);
    }

    /** The bytes that stand before a text for this model, {@code [0]} for most. */
    byte[] dummyPrefix() {
        return beforeTexts().dummyPrefix();
    }

    private Vocabulary beforeTexts() {
        return defaults.dummyPrefix() ? vocabulary : vocabulary.withoutDummyPrefix();
    }

    boolean outgrownBy(long contextLength) {
        return contextLength > contextTokens;
    }

    /**
     * What one reading of a text of so many bytes needs the states of.
     *
     * @param branchTokens besides those of the text's own tokens
     */
    long roomTokens(long bytes, long branchTokens) {
        return Math.min(StateRoom.tokensOf(bytes), contextTokens) + branchTokens;
    }
}
