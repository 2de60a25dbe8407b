package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.record.Alert;
import io.bytelm.record.Anomaly;
import io.bytelm.record.Emission;
import io.bytelm.record.LeftOut;
import io.bytelm.record.Observations;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.Reading;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.vocab.Vocabulary;
import java.util.List;

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
    private final DeadEnds deadEnds;
    private final boolean restarts;

    private ChunkScoring(
            Open session, byte[] chunk, int pieceEnd, int mostOutputBytes, ScoreWriter writer, Vocabulary vocabulary) {
        this.session = session;
        this.chunk = chunk;
        this.pieceEnd = pieceEnd;
        this.mostOutputBytes = mostOutputBytes;
        this.emission = session.emission();
        this.writer = writer;
        this.vocabulary = vocabulary;
        this.deadEnds = new DeadEnds(vocabulary.coverage());
        this.restarts = session.leftOut() != null;
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
        LeftOut leftOut = session.leftOut() == null ? LeftOut.NOTHING : session.leftOut();
        ScoringProgress start =
                new ScoringProgress(reader, observer, session.totals(), from, Outputs.NONE, leftOut, null);
        boolean everyByte = scoring.emission.when() == Emission.When.BYTE || observer.wantsEveryByte();
        boolean atOnce = reader.readsAhead() && !everyByte;
        return (atOnce ? scoring.readAtOnce(start) : scoring.readByBytes(start, pieceEnd)).then(scoring::finish);
    }

    private Step<ScoringProgress> readAtOnce(ScoringProgress start) {
        return Step.loop(start, progress -> goesOn(progress, pieceEnd), this::readPart);
    }

    /** Up to the next byte that no token has. */
    private Step<ScoringProgress> readPart(ScoringProgress start) {
        int to = hopelessFrom(start, pieceEnd);
        if (to == start.at()) {
            return readOn(start);
        }
        return start.reader()
                .read(chunk, start.at(), to)
                .then(read -> DeadEnds.isDead(read)
                        ? readByBytes(start, to) // to see at which byte it fails
                        : Step.done(after(start, read, to)));
    }

    private int hopelessFrom(ScoringProgress start, int to) {
        return restarts ? deadEnds.hopelessFrom(chunk, start.at(), to, start.reader()) : to;
    }

    private Step<ScoringProgress> readByBytes(ScoringProgress start, int to) {
        return Step.loop(start, progress -> goesOn(progress, to), progress -> readStretch(progress, to));
    }

    /** Up to a dead end, after which other things have to be asked. */
    private Step<ScoringProgress> readStretch(ScoringProgress before, int mostTo) {
        boolean rows = knownFrom(before.at()).rows();
        int to = hopelessFrom(before, rows ? Math.min(mostTo, before.at() + MAX_BYTES_WITH_ROWS) : mostTo);
        if (to == before.at()) {
            return readOn(before);
        }
        return before.reader()
                .askingAhead(new KnownStretch(chunk, before.at(), to, rows))
                .then(reader -> Step.loop(
                        before.with(reader),
                        progress -> goesOn(progress, to)
                                && (progress.at() == before.at()
                                        || progress.leftOut().last() == null),
                        this::readByte));
    }

    private boolean goesOn(ScoringProgress progress, int to) {
        return progress.at() < to
                && progress.failedByte() == null
                && progress.outputs().heldBytes() < mostOutputBytes;
    }

    private Step<ScoringProgress> readByte(ScoringProgress unprepared) {
        Lookahead known = knownFrom(unprepared.at());
        return unprepared
                .observer()
                .before(Byte.toUnsignedInt(chunk[unprepared.at()]), unprepared.reader(), known, unprepared.totals())
                .map(unprepared::with)
                .then(before -> before.reader().advance(known).then(read -> afterByte(before, read)));
    }

    private Step<ScoringProgress> afterByte(ScoringProgress before, TextReader read) {
        if (!DeadEnds.isDead(read)) {
            return emitIf(Emission.When.BYTE, Event.BYTE, observed(before, after(before, read, before.at() + 1)));
        }
        return restarts ? readOn(before) : Step.done(before.failedAt(chunk[before.at()]));
    }

    private ScoringProgress observed(ScoringProgress before, ScoringProgress after) {
        return observed(after, before.observer().after(chunk[before.at()], before.totals(), after.totals()));
    }

    private ScoringProgress observed(ScoringProgress after, Observer.Watched watched) {
        Outputs outputs = writer.plusSpans(
                after.outputs(), watched.ended(), after.reader().longestContext());
        if (watched.alerts()) {
            Score score =
                    writer.scored(Event.BYTE, after.totals(), after.reader().longestContext());
            boolean ranks = emission.when() == Emission.When.BYTE;
            outputs = outputs.plus(new Alert(score.with(watched.observer().anomaly(ranks))));
        }
        return after.with(watched.observer(), outputs);
    }

    private ScoringProgress after(ScoringProgress before, TextReader read, int at) {
        Totals totals = scored(before.totals(), read, at - before.at());
        return before.read(read, totals, at, before.leftOut().afterReading());
    }

    private Totals scored(Totals before, TextReader read, int bytes) {
        Double upper = read.logProbUpper();
        double baseline = session.baseline();
        return before.scored(bytes, read.logProb() - baseline, upper == null ? null : upper - baseline);
    }

    private Step<ScoringProgress> readOn(ScoringProgress before) {
        return deadEnds.readOn(before.reader(), before.leftOut(), chunk[before.at()])
                .then(on -> readOn(on.kind().leavesOut() ? before : losing(on.lostBytes(), before), on));
    }

    /** The tokens that have settled are told before others may take their places. */
    private ScoringProgress losing(int bytes, ScoringProgress before) {
        ScoringProgress settled = settled(before);
        return settled.with(settled.observer().losing(bytes, settled.totals()), settled.outputs());
    }

    /** Bytes that are left out one after the other are one dead end. */
    private Step<ScoringProgress> readOn(ScoringProgress before, ReadOn<TextReader> on) {
        int failedByte = Byte.toUnsignedInt(chunk[before.at()]);
        boolean isTold = on.kind().leavesOut() && before.leftOut().isLeavingOut();
        ScoringProgress told = isTold
                ? before
                : before.told(writer.readingOn(before.totals(), before.reader().longestContext(), failedByte, on.kind())
                        .with(before.observer().anomaly(false)));
        LeftOut leftOut = before.leftOut().after(on.kind());
        int at = before.at() + 1;
        if (on.kind().leavesOut()) {
            ScoringProgress after = told.read(on.reader(), told.totals().skippedOne(), at, leftOut);
            return Step.done(observed(after, told.observer().leavingOut(chunk[told.at()], after.totals())));
        }
        ScoringProgress after = told.read(on.reader(), scored(told.totals(), on.reader(), 1), at, leftOut);
        return emitIf(Emission.When.BYTE, Event.BYTE, observed(told, after));
    }

    private Step<ScoringProgress> emitIf(Emission.When when, Event event, ScoringProgress progress) {
        if (emission.when() != when || progress.failedByte() != null) {
            return Step.done(progress);
        }
        TextReader reader = progress.reader();
        Anomaly anomaly = progress.observer().anomaly(event == Event.BYTE);
        Totals totals = progress.totals();
        if (emission.top() == 0) {
            return Step.done(progress.told(
                    writer.scored(event, totals, reader.longestContext()).with(anomaly)));
        }
        return reader.predict(knownFrom(progress.at()))
                .map(next -> progress.with(next.reader())
                        .told(writer.scored(event, totals, next, emission).with(anomaly)));
    }

    private Lookahead knownFrom(int at) {
        boolean rows = emission.when() == Emission.When.BYTE
                && (emission.top() > 0 || session.observations().surprisals() != null);
        return new Lookahead(chunk, at, rows);
    }

    /** The tokens that have settled since the piece before are told. */
    private ScoringProgress settled(ScoringProgress end) {
        Observations observations = end.observer().observations();
        Integer told = observations.toldTokens();
        ToldPlaces places = observations.toldPlaces();
        if (places != null) {
            return settled(end, observations, places);
        }
        if (told == null) {
            return end;
        }
        Reading reading = end.reader().stored();
        List<Token> tokens = NewlySettled.after(told, reading, end.totals().bytes(), vocabulary);
        Outputs outputs = writer.plusTokens(end.outputs(), tokens, end.reader().longestContext());
        int now = Math.max(told, reading.settledTokens());
        return end.with(end.observer().with(observations.withTold(now)), outputs);
    }

    private ScoringProgress settled(ScoringProgress end, Observations observations, ToldPlaces places) {
        Reading reading = end.reader().stored();
        List<Token> tokens = NewlySettled.after(places, reading, end.totals().bytes(), vocabulary);
        if (tokens.isEmpty()) {
            return end;
        }
        Outputs outputs = writer.plusTokens(end.outputs(), tokens, end.reader().longestContext());
        ToldPlaces now = places.told(tokens.get(tokens.size() - 1).to());
        return end.with(end.observer().with(observations.withTold(now)), outputs);
    }

    private Step<Transition<SessionState>> finish(ScoringProgress read) {
        ScoringProgress end = settled(read);
        Integer failedByte = end.failedByte();
        if (failedByte != null) {
            return Step.done(stopped(end, failedByte));
        }
        long skipped = end.totals().skippedBytes() - session.totals().skippedBytes();
        if (end.at() < chunk.length) {
            Partway partway = new Partway(stored(end), writer.source(), end.at());
            return Step.done(
                    Transition.<SessionState>goingOn(partway, end.outputs().toList())
                            .skipping(skipped));
        }
        return emitIf(Emission.When.CHUNK, Event.CHUNK, end)
                .map(last -> new Transition<SessionState>(
                                stored(last), last.outputs().toList())
                        .skipping(skipped));
    }

    private Transition<SessionState> stopped(ScoringProgress end, int failedByte) {
        DeadEnd deadEnd = new DeadEnd(end.totals(), end.reader().longestContext());
        Outputs spans =
                writer.plusSpans(end.outputs(), end.observer().lastSpans(end.totals()), deadEnd.longestContext());
        Outputs outputs = spans.plus(
                writer.deadEnd(deadEnd, failedByte).with(end.observer().anomaly(false)));
        return new Transition<>(deadEnd.emitted(), outputs.toList());
    }

    private Open stored(ScoringProgress progress) {
        return session.with(progress.reader().stored(), progress.totals(), restarts ? progress.leftOut() : null)
                .with(progress.observer().observations());
    }
}
