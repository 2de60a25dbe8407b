package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.record.Emission;
import io.bytelm.record.LeftOut;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import org.jspecify.annotations.Nullable;

/**
 * Scores a piece of the bytes of one record, and emits what the session asks for. The reader is told all bytes that are to
 * come, which saves requests and changes no result; so chunks may be cut anywhere, into records as into pieces. Where it
 * saves more, a piece of which only the end is told is read at once.
 */
final class ChunkScoring {
    private final Open session;
    private final byte[] chunk;
    private final int pieceEnd;
    private final int mostOutputBytes;
    private final Emission emission;
    private final ScoreWriter writer;
    private final DeadEnds deadEnds;
    private final boolean restarts;

    private ChunkScoring(
            Open session,
            byte[] chunk,
            int pieceEnd,
            int mostOutputBytes,
            ScoreWriter writer,
            DeadEnds deadEnds) {
        this.session = session;
        this.chunk = chunk;
        this.pieceEnd = pieceEnd;
        this.mostOutputBytes = mostOutputBytes;
        this.emission = session.emission();
        this.writer = writer;
        this.deadEnds = deadEnds;
        this.restarts = session.leftOut() != null;
    }

    /**
     * How far the chunk was read.
     *
     * @param reader after the last live byte
     * @param at how many bytes of the chunk were read
     * @param leftOut so far, of a session that reads on after dead ends
     * @param failedByte the byte at which a session stops; null as long as it reads on
     */
    private record Progress(
            TextReader reader,
            Totals totals,
            int at,
            Outputs outputs,
            LeftOut leftOut,
            @Nullable Integer failedByte) {
        Progress read(TextReader next, Totals newTotals, int newAt, LeftOut newLeftOut) {
            return new Progress(next, newTotals, newAt, outputs, newLeftOut, null);
        }

        Progress failedAt(byte b) {
            return new Progress(reader, totals, at, outputs, leftOut, Byte.toUnsignedInt(b));
        }

        Progress told(Score score) {
            return new Progress(reader, totals.emitted(), at, outputs.plus(score), leftOut, null);
        }
    }

    /**
     * @param session a session that lives
     * @param reader how it reads
     * @param from how many bytes of the chunk it has read before
     * @param deadEnds how it reads on after one, if it does
     */
    static Step<Transition<SessionState>> run(
            Open session,
            TextReader reader,
            byte[] chunk,
            int from,
            PieceSize piece,
            ScoreWriter writer,
            DeadEnds deadEnds) {
        int pieceEnd = from + Math.min(piece.textBytes(), chunk.length - from);
        ChunkScoring scoring = new ChunkScoring(session, chunk, pieceEnd, piece.outputBytes(), writer, deadEnds);
        LeftOut leftOut = session.leftOut() == null ? LeftOut.NOTHING : session.leftOut();
        Progress start = new Progress(reader, session.totals(), from, Outputs.NONE, leftOut, null);
        boolean atOnce = reader.readsAhead() && scoring.emission.when() != Emission.When.BYTE;
        return (atOnce ? scoring.readAtOnce(start) : scoring.readByBytes(start, pieceEnd)).then(scoring::finish);
    }

    private Step<Progress> readAtOnce(Progress start) {
        return Step.loop(start, progress -> goesOn(progress, pieceEnd), this::readPart);
    }

    /** Up to the next byte that no token has. */
    private Step<Progress> readPart(Progress start) {
        int to = restarts ? deadEnds.hopelessFrom(chunk, start.at, pieceEnd, start.reader) : pieceEnd;
        if (to == start.at) {
            return readOn(start);
        }
        return start.reader.read(chunk, start.at, to).then(read -> DeadEnds.isDead(read)
                ? readByBytes(start, to) // to see at which byte it fails
                : Step.done(after(start, read, to)));
    }

    private Step<Progress> readByBytes(Progress start, int to) {
        return Step.loop(start, progress -> goesOn(progress, to), this::readByte);
    }

    private boolean goesOn(Progress progress, int to) {
        return progress.at < to && progress.failedByte == null && progress.outputs.heldBytes() < mostOutputBytes;
    }

    private Step<Progress> readByte(Progress before) {
        if (restarts && deadEnds.isHopeless(before.reader, chunk[before.at])) {
            return readOn(before);
        }
        return before.reader.advance(knownFrom(before.at)).then(read -> {
            if (!DeadEnds.isDead(read)) {
                return emitIf(Emission.When.BYTE, Event.BYTE, after(before, read, before.at + 1));
            }
            return restarts ? readOn(before) : Step.done(before.failedAt(chunk[before.at]));
        });
    }

    private Progress after(Progress before, TextReader read, int at) {
        return before.read(read, scored(before.totals, read, at - before.at), at, before.leftOut.afterReading());
    }

    private Totals scored(Totals before, TextReader read, int bytes) {
        Double upper = read.logProbUpper();
        double baseline = session.baseline();
        return before.scored(bytes, read.logProb() - baseline, upper == null ? null : upper - baseline);
    }

    private Step<Progress> readOn(Progress before) {
        return deadEnds.readOn(before.reader, before.leftOut, chunk[before.at]).then(on -> readOn(before, on));
    }

    /** Bytes that are left out one after the other are one dead end. */
    private Step<Progress> readOn(Progress before, ReadOn<TextReader> on) {
        boolean isTold = on.kind().leavesOut() && before.leftOut.isLeavingOut();
        Progress told = isTold
                ? before
                : before.told(writer.readingOn(
                        before.totals,
                        before.reader.longestContext(),
                        Byte.toUnsignedInt(chunk[before.at]),
                        on.kind()));
        LeftOut leftOut = before.leftOut.after(on.kind());
        if (on.kind().leavesOut()) {
            return Step.done(told.read(on.reader(), told.totals.skippedOne(), before.at + 1, leftOut));
        }
        Totals totals = scored(told.totals, on.reader(), 1);
        return emitIf(Emission.When.BYTE, Event.BYTE, told.read(on.reader(), totals, before.at + 1, leftOut));
    }

    private Step<Progress> emitIf(Emission.When when, Event event, Progress progress) {
        if (emission.when() != when || progress.failedByte() != null) {
            return Step.done(progress);
        }
        TextReader reader = progress.reader();
        if (emission.top() == 0) {
            return Step.done(progress.told(writer.scored(event, progress.totals(), reader.longestContext())));
        }
        return reader.predict(knownFrom(progress.at()))
                .map(next -> emitted(progress, next.reader(), writer.scored(event, progress.totals(), next, emission)));
    }

    private static Progress emitted(Progress progress, TextReader reader, Score score) {
        return progress.read(reader, progress.totals, progress.at, progress.leftOut).told(score);
    }

    private Lookahead knownFrom(int at) {
        boolean rows = emission.when() == Emission.When.BYTE && emission.top() > 0;
        return new Lookahead(chunk, at, rows);
    }

    private Step<Transition<SessionState>> finish(Progress end) {
        Integer failedByte = end.failedByte();
        if (failedByte != null) {
            DeadEnd deadEnd = new DeadEnd(end.totals(), end.reader().longestContext());
            Outputs outputs = end.outputs().plus(writer.deadEnd(deadEnd, failedByte));
            return Step.done(new Transition<>(deadEnd.emitted(), outputs.toList()));
        }
        if (end.at() < chunk.length) {
            Partway partway = new Partway(stored(end), writer.source(), end.at());
            return Step.done(Transition.<SessionState>goingOn(partway, end.outputs().toList()).skipping(skipped(end)));
        }
        return emitIf(Emission.When.CHUNK, Event.CHUNK, end)
                .map(last -> new Transition<SessionState>(stored(last), last.outputs().toList())
                        .skipping(skipped(end)));
    }

    private long skipped(Progress end) {
        return end.totals().skippedBytes() - session.totals().skippedBytes();
    }

    private Open stored(Progress progress) {
        return session.with(progress.reader().stored(), progress.totals(), restarts ? progress.leftOut() : null);
    }
}
