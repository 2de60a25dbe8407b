package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.Emission;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores a piece of the bytes of one record, and emits what the session asks for. The reader is told all bytes that are to
 * come, which saves requests and changes no result; so chunks may be cut anywhere, into records as into pieces. Where a
 * reader knows what its bytes will take, that is asked for together before the first of them, and a piece of which only the
 * end is told is read at once.
 */
final class ChunkScoring {
    /** What was asked ahead for so many bytes takes some MB where each comes with distributions. */
    private static final int MAX_BYTES_WITH_ROWS = 64;

    private final Open session;
    private final byte[] chunk;
    private final int pieceEnd;
    private final int mostOutputBytes;
    private final Emission emission;
    private final ScoreWriter writer;
    private final Vocabulary vocabulary;

    private ChunkScoring(
            Open session, byte[] chunk, int pieceEnd, int mostOutputBytes, ScoreWriter writer, Vocabulary vocabulary) {
        this.session = session;
        this.chunk = chunk;
        this.pieceEnd = pieceEnd;
        this.mostOutputBytes = mostOutputBytes;
        this.emission = session.emission();
        this.writer = writer;
        this.vocabulary = vocabulary;
    }

    /**
     * How far the chunk was read.
     *
     * @param reader after the last live byte
     * @param at how many bytes of the chunk were read
     * @param failedByte the byte that led to a dead end; null as long as there is a way to read on
     */
    private record Progress(
            TextReader reader,
            Observer observer,
            Totals totals,
            int at,
            Outputs outputs,
            @Nullable Integer failedByte) {
        Progress with(TextReader other) {
            return new Progress(other, observer, totals, at, outputs, failedByte);
        }

        Progress with(Observer.Told told) {
            return new Progress(told.reader(), told.observer(), totals, at, outputs, failedByte);
        }
    }

    /**
     * @param session a session that lives
     * @param reader how it reads
     * @param observer watches it
     * @param from how many bytes of the chunk it has read before
     */
    static Step<Transition<SessionState>> run(
            Open session,
            TextReader reader,
            Observer observer,
            byte[] chunk,
            int from,
            PieceSize piece,
            ScoreWriter writer,
            Vocabulary vocabulary) {
        int pieceEnd = from + Math.min(piece.textBytes(), chunk.length - from);
        ChunkScoring scoring = new ChunkScoring(session, chunk, pieceEnd, piece.outputBytes(), writer, vocabulary);
        Progress start = new Progress(reader, observer, session.totals(), from, Outputs.NONE, null);
        boolean everyByte = scoring.emission.when() == Emission.When.BYTE || observer.wantsEveryByte();
        boolean atOnce = reader.readsAhead() && !everyByte;
        return (atOnce ? scoring.readAtOnce(start) : scoring.readByBytes(start)).then(scoring::finish);
    }

    private Step<Progress> readAtOnce(Progress start) {
        return start.reader()
                .read(chunk, start.at(), pieceEnd)
                .then(read -> read.logProb() == Double.NEGATIVE_INFINITY
                        ? readByBytes(start) // to see at which byte it fails
                        : Step.done(after(start, read, pieceEnd)));
    }

    private Step<Progress> readByBytes(Progress start) {
        return Step.loop(start, this::goesOn, this::readStretch);
    }

    private Step<Progress> readStretch(Progress before) {
        boolean rows = knownFrom(before.at()).rows();
        int to = rows ? Math.min(pieceEnd, before.at() + MAX_BYTES_WITH_ROWS) : pieceEnd;
        return before.reader()
                .askingAhead(new KnownStretch(chunk, before.at(), to, rows))
                .then(reader -> Step.loop(
                        before.with(reader), progress -> progress.at < to && goesOn(progress), this::readByte));
    }

    private boolean goesOn(Progress progress) {
        return progress.at < pieceEnd && progress.failedByte == null && progress.outputs.heldBytes() < mostOutputBytes;
    }

    private Step<Progress> readByte(Progress unprepared) {
        Lookahead known = knownFrom(unprepared.at());
        return unprepared
                .observer()
                .before(Byte.toUnsignedInt(chunk[unprepared.at()]), unprepared.reader(), known, unprepared.totals())
                .map(unprepared::with)
                .then(before -> before.reader()
                        .advance(known)
                        .map(read -> observed(before, after(before, read, before.at() + 1)))
                        .then(after -> emitIf(Emission.When.BYTE, Event.BYTE, after)));
    }

    private Progress observed(Progress before, Progress after) {
        if (after.failedByte() != null) {
            return after;
        }
        Observer.Watched watched = before.observer().after(chunk[before.at()], before.totals(), after.totals());
        Outputs outputs = writer.plusSpans(
                after.outputs(), watched.ended(), after.reader().longestContext());
        if (watched.alerts()) {
            Score score =
                    writer.scored(Event.BYTE, after.totals(), after.reader().longestContext());
            boolean ranks = emission.when() == Emission.When.BYTE;
            outputs = outputs.plus(new Alert(score.with(watched.observer().anomaly(ranks))));
        }
        return new Progress(after.reader(), watched.observer(), after.totals(), after.at(), outputs, null);
    }

    private Progress after(Progress before, TextReader read, int at) {
        double logProb = read.logProb();
        if (logProb == Double.NEGATIVE_INFINITY) {
            int failedByte = Byte.toUnsignedInt(chunk[before.at()]);
            return new Progress(
                    before.reader(), before.observer(), before.totals(), before.at(), before.outputs(), failedByte);
        }
        Double upper = read.logProbUpper();
        double baseline = session.baseline();
        Totals totals =
                before.totals().scored(at - before.at(), logProb - baseline, upper == null ? null : upper - baseline);
        return new Progress(read, before.observer(), totals, at, before.outputs(), null);
    }

    private Step<Progress> emitIf(Emission.When when, Event event, Progress progress) {
        if (emission.when() != when || progress.failedByte() != null) {
            return Step.done(progress);
        }
        TextReader reader = progress.reader();
        Anomaly anomaly = progress.observer().anomaly(event == Event.BYTE);
        Totals totals = progress.totals();
        if (emission.top() == 0) {
            Score score = writer.scored(event, totals, reader.longestContext()).with(anomaly);
            return Step.done(emitted(progress, reader, score));
        }
        return reader.predict(knownFrom(progress.at())).map(next -> {
            Score score = writer.scored(event, totals, next, emission).with(anomaly);
            return emitted(progress, next.reader(), score);
        });
    }

    private static Progress emitted(Progress progress, TextReader reader, Score score) {
        Totals totals = progress.totals().emitted();
        Outputs outputs = progress.outputs().plus(score);
        return new Progress(reader, progress.observer(), totals, progress.at(), outputs, null);
    }

    private Lookahead knownFrom(int at) {
        boolean rows = emission.when() == Emission.When.BYTE
                && (emission.top() > 0 || session.observations().surprisals() != null);
        return new Lookahead(chunk, at, rows);
    }

    /** The tokens that have settled since the piece before are told. */
    private Progress settled(Progress end) {
        Integer told = end.observer().observations().toldTokens();
        if (told == null) {
            return end;
        }
        Reading reading = end.reader().stored();
        List<Token> tokens = NewlySettled.after(told, reading, end.totals().bytes(), vocabulary);
        Outputs outputs = writer.plusTokens(end.outputs(), tokens, end.reader().longestContext());
        int now = Math.max(told, reading.settledTokens());
        Observer observer = end.observer().with(end.observer().observations().withTold(now));
        return new Progress(end.reader(), observer, end.totals(), end.at(), outputs, end.failedByte());
    }

    private Step<Transition<SessionState>> finish(Progress read) {
        Progress end = settled(read);
        Integer failedByte = end.failedByte();
        if (failedByte != null) {
            DeadEnd deadEnd = new DeadEnd(end.totals(), end.reader().longestContext());
            Outputs spans =
                    writer.plusSpans(end.outputs(), end.observer().lastSpans(end.totals()), deadEnd.longestContext());
            Outputs outputs = spans.plus(
                    writer.deadEnd(deadEnd, failedByte).with(end.observer().anomaly(false)));
            return Step.done(new Transition<>(deadEnd.emitted(), outputs.toList()));
        }
        if (end.at() < chunk.length) {
            Partway partway = new Partway(stored(end), writer.source(), end.at());
            return Step.done(Transition.goingOn(partway, end.outputs().toList()));
        }
        return emitIf(Emission.When.CHUNK, Event.CHUNK, end)
                .map(last -> new Transition<>(stored(last), last.outputs().toList()));
    }

    private Open stored(Progress progress) {
        return session.with(progress.reader().stored(), progress.totals())
                .with(progress.observer().observations());
    }
}
