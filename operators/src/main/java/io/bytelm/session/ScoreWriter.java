package io.bytelm.session;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SourcePosition;
import org.jspecify.annotations.Nullable;

/**
 * Makes the scores that one input record causes.
 *
 * @param session the record's key
 * @param source where the record came from
 */
record ScoreWriter(byte[] session, SourcePosition source) {
    /** @param next what comes next, of which {@code emission} says how much to list */
    Score scored(Event event, Totals totals, Emission emission, @Nullable NextByteDistribution next) {
        return score(event, totals, listed(next, emission), null, null);
    }

    /** The last score of a session that has EOS tokens: it says how probable the end is. */
    Score endWithEos(Totals totals, Emission emission, NextByteDistribution next) {
        return score(Event.END, totals, listed(next, emission), next.logProb(Symbols.EOS), null);
    }

    /** The last score of a session that ran into a dead end before. */
    Score endAfterDeadEnd(Totals totals) {
        return score(Event.END, totals, null, null, null);
    }

    /** @param failedByte as in {@link Score#failedByte()} */
    Score deadEnd(Totals totals, @Nullable Integer failedByte) {
        return score(Event.DEAD_END, totals, null, null, failedByte);
    }

    private static @Nullable NextSymbols listed(@Nullable NextByteDistribution next, Emission emission) {
        return next == null || emission.top() == 0 ? null : NextSymbols.top(next, emission.top());
    }

    private Score score(
            Event event,
            Totals totals,
            @Nullable NextSymbols next,
            @Nullable Double eosLogProb,
            @Nullable Integer failedByte) {
        return new Score(
                session,
                event,
                totals.bytes(),
                totals.bytes() - totals.emittedBytes(),
                totals.logLikelihood() - totals.emittedLogLikelihood(),
                totals.logLikelihood(),
                next,
                eosLogProb,
                failedByte,
                source);
    }
}
