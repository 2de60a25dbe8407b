package io.bytelm.job.sql;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.StateRoom;
import io.bytelm.vocab.Vocabulary;

/**
 * A model that is open, and how a text begins on it.
 *
 * @param contextTokens how many tokens of a context it reads at most
 */
record OpenedModel(Vocabulary vocabulary, long contextTokens, SessionDefaults defaults) {
    /** The beam before a text. */
    Step<Beam> begin(BeamParams params) {
        return Beam.initial(defaults.dummyPrefix() ? vocabulary : vocabulary.withoutDummyPrefix(), params);
    }

    boolean outgrownBy(Beam beam) {
        return outgrownBy(beam.longestContext());
    }

    boolean outgrownBy(long contextLength) {
        return contextLength > contextTokens;
    }

    /** What one beam needs the states of for a text of so many bytes. */
    long roomTokens(long bytes, BeamParams params) {
        return Math.min(StateRoom.tokensOf(bytes), contextTokens) + params.branchTokens();
    }
}
