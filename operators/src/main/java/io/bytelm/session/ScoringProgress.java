package io.bytelm.session;

import io.bytelm.record.LeftOut;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState.Totals;
import org.jspecify.annotations.Nullable;

/**
 * How far a chunk was read. Immutable.
 *
 * @param reader after the last live byte
 * @param at how many bytes of the chunk were read
 * @param leftOut so far, of a session that reads on after dead ends
 * @param failedByte the byte at which a session stops; null as long as it reads on
 */
record ScoringProgress(
        TextReader reader,
        Observer observer,
        Totals totals,
        int at,
        Outputs outputs,
        LeftOut leftOut,
        @Nullable Integer failedByte) {
    ScoringProgress with(TextReader other) {
        return new ScoringProgress(other, observer, totals, at, outputs, leftOut, failedByte);
    }

    ScoringProgress with(Observer.Told told) {
        return new ScoringProgress(told.reader(), told.observer(), totals, at, outputs, leftOut, failedByte);
    }

    ScoringProgress with(Observer newObserver, Outputs newOutputs) {
        return new ScoringProgress(reader, newObserver, totals, at, newOutputs, leftOut, failedByte);
    }

    ScoringProgress read(TextReader next, Totals newTotals, int newAt, LeftOut newLeftOut) {
        return new ScoringProgress(next, observer, newTotals, newAt, outputs, newLeftOut, null);
    }

    ScoringProgress failedAt(byte b) {
        return new ScoringProgress(reader, observer, totals, at, outputs, leftOut, Byte.toUnsignedInt(b));
    }

    ScoringProgress told(Score score) {
        return new ScoringProgress(reader, observer, totals.emitted(), at, outputs.plus(score), leftOut, null);
    }
}
