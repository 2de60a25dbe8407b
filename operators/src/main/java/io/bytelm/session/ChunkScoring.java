package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.record.Emission;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import org.jspecify.annotations.Nullable;

/**
 * Scores a piece of the bytes of one record: prunes and advances byte after byte, and emits what the session asks for. The
 * beam is told all bytes that are to come, which saves requests and changes no result; so chunks may be cut anywhere, into
 * records as into pieces.
 */
final class ChunkScoring {
    private final byte[] chunk;
    private final int pieceEnd;
    private final int mostOutputBytes;
    private final Emission emission;
    private final ScoreWriter writer;

    private ChunkScoring(byte[] chunk, int pieceEnd, int mostOutputBytes, Emission emission, ScoreWriter writer) {
        this.chunk = chunk;
        this.pieceEnd = pieceEnd;
        this.mostOutputBytes = mostOutputBytes;
        this.emission = emission;
        this.writer = writer;
    }

    /**
     * How far the chunk was read.
     *
     * @param session after the last live byte
     * @param at how many bytes of the chunk were read
     * @param failedByte the byte that led to a dead end; null as long as the beam lives
     */
    private record Progress(
            Open session, int at, Outputs outputs, @Nullable Integer failedByte) {}

    /**
     * @param session a session whose beam is not dead
     * @param from how many bytes of the chunk it has read before
     */
    static Step<Transition<SessionState>> run(
            Open session, byte[] chunk, int from, PieceSize piece, ScoreWriter writer) {
        int pieceEnd = from + Math.min(piece.textBytes(), chunk.length - from);
        ChunkScoring scoring = new ChunkScoring(chunk, pieceEnd, piece.outputBytes(), session.emission(), writer);
        return Step.loop(new Progress(session, from, Outputs.NONE, null), scoring::goesOn, scoring::readByte)
                .then(scoring::finish);
    }

    private boolean goesOn(Progress progress) {
        return progress.at < pieceEnd && progress.failedByte == null && progress.outputs.heldBytes() < mostOutputBytes;
    }

    private Step<Progress> readByte(Progress before) {
        return before.session()
                .beam()
                .prune()
                .advance(knownFrom(before.at()))
                .then(beam -> emitIf(Emission.When.BYTE, Event.BYTE, after(before, beam)));
    }

    private Progress after(Progress before, Beam beam) {
        Open session = before.session();
        double logZ = beam.logZ();
        if (logZ == Double.NEGATIVE_INFINITY) {
            int failedByte = Byte.toUnsignedInt(chunk[before.at()]);
            return new Progress(session, before.at(), before.outputs(), failedByte);
        }
        Totals totals = session.totals().scored(1, logZ - session.baseline());
        return new Progress(session.with(beam, totals), before.at() + 1, before.outputs(), null);
    }

    private Step<Progress> emitIf(Emission.When when, Event event, Progress progress) {
        if (emission.when() != when || progress.failedByte() != null) {
            return Step.done(progress);
        }
        Open session = progress.session();
        if (emission.top() == 0) {
            return Step.done(emitted(progress, session.beam(), writer.scored(event, session, null)));
        }
        return session.beam()
                .predict(knownFrom(progress.at()))
                .map(next -> emitted(progress, next.beam(), writer.scored(event, session, next)));
    }

    private static Progress emitted(Progress progress, Beam beam, Score score) {
        Totals totals = progress.session().totals().emitted();
        return new Progress(
                progress.session().with(beam, totals),
                progress.at(),
                progress.outputs().plus(score),
                null);
    }

    private Lookahead knownFrom(int at) {
        boolean rows = emission.when() == Emission.When.BYTE && emission.top() > 0;
        return new Lookahead(chunk, at, rows);
    }

    private Step<Transition<SessionState>> finish(Progress end) {
        Integer failedByte = end.failedByte();
        if (failedByte != null) {
            DeadEnd deadEnd = new DeadEnd(end.session().totals(), end.session().longestContext());
            Outputs outputs = end.outputs().plus(writer.deadEnd(deadEnd, failedByte));
            return Step.done(new Transition<>(deadEnd.emitted(), outputs.toList()));
        }
        if (end.at() < chunk.length) {
            Partway partway = new Partway(end.session().stored(), writer.source(), end.at());
            return Step.done(Transition.goingOn(partway, end.outputs().toList()));
        }
        return emitIf(Emission.When.CHUNK, Event.CHUNK, end)
                .map(last ->
                        new Transition<>(last.session().stored(), last.outputs().toList()));
    }
}
