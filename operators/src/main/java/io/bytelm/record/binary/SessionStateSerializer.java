package io.bytelm.record.binary;

import static io.bytelm.record.binary.SessionPhase.CANONICAL_DEAD_END;
import static io.bytelm.record.binary.SessionPhase.DEAD_END;
import static io.bytelm.record.binary.SessionPhase.ENDED;
import static io.bytelm.record.binary.SessionPhase.OBSERVED;
import static io.bytelm.record.binary.SessionPhase.PARTWAY;
import static io.bytelm.record.binary.SessionPhase.RESTARTING;
import static io.bytelm.record.binary.SessionPhase.RESTARTING_OBSERVED;

import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.Emission;
import io.bytelm.record.LeftOut;
import io.bytelm.record.Observations;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.ToldPlaces;
import io.bytelm.record.binary.ReadingFormat.Kind;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Format 1: a byte for the phase. 0, open: totals, emission, baseline as a raw double, the beam ({@link BeamFormat}). 1, a
 * dead end: totals. 2, ended: nothing more. 3 and 4, driven and steered: {@link DecodingStateFormat}.
 *
 * <p>Format 2 has two more phases. 5, in the middle of a record: its position, the bytes read, then the session, of phase 0
 * or 4. 6, in the middle of the prompt: the position of the open, the bytes read, whether the session was ended before,
 * the beam.
 *
 * <p>In format 3 a beam says how long its contexts have been, and so does a dead end behind its totals.
 *
 * <p>Format 4 has phases 7, 8 and 9 of sessions over canonical tokenizations, which differ from 0, 1 and 6 in the upper end
 * of the log-likelihood behind the totals, and in place of the beam how long its contexts have been and a tree ({@link
 * SavedTreeFormat}).
 *
 * <p>Format 5 has phases 10 and 11, which are 3 and 4 of sessions over canonical tokenizations, and phase 12 of sessions that
 * say more than their scores: what they have observed ({@link ObservationsFormat}), and then the session, of phase 0, 7 or 13.
 * Phases 13 and 14 are of sessions of several models, which differ from 0 and 6 in the place of the beam ({@link
 * ReadingFormat}). Phase 15 is of sessions that read on after dead ends: what they have left out ({@link LeftOutFormat}),
 * and then the session, of phase 0, 6, 7 or 9.
 *
 * <p>In format 6 phase 16 is of those among them that say more than their scores: what they have observed, and how far their
 * tokens are told ({@link ObservationsFormat}), stands between what they have left out and the session, of phase 0 or 7.
 * Phases 17 and 18 are 3 and 4 of sessions of several models.
 *
 * <p>An open session costs about 50 bytes, 13 bytes and its partial token for each hypothesis, and each token of its
 * contexts once ({@link ContextsFormat}); an ended one costs one byte.
 */
public final class SessionStateSerializer extends VersionedSerializer<SessionState> {
    private static final long serialVersionUID = 1;
    private static final String NAME = "session state";
    private static final int NEWEST_VERSION = 6;

    /** The first format that says how long contexts have been. */
    static final int WITH_LONGEST = 3;

    private static final Emission.When[] MOMENTS = Emission.When.values();

    /** Of the newest format. */
    public SessionStateSerializer() {
        this(NEWEST_VERSION);
    }

    private SessionStateSerializer(int version) {
        super(NAME, version, NEWEST_VERSION);
    }

    @Override
    void write(SessionState state, DataOutputView out) throws IOException {
        if (state instanceof Open open) {
            writeObserved(open, out);
            write(SessionPhase.open(Kind.of(open.reading())), out);
            writeTotals(open.totals(), out);
            Fields.writeVarint(open.emission().when().ordinal(), out);
            Fields.writeVarint(open.emission().top(), out);
            out.writeDouble(open.baseline());
            ReadingFormat.write(open.reading(), out);
        } else if (state instanceof DeadEnd deadEnd) {
            write(deadEnd.totals().logLikelihoodUpper() == null ? DEAD_END : CANONICAL_DEAD_END, out);
            writeTotals(deadEnd.totals(), out);
            Fields.writeVarint(deadEnd.longestContext(), out);
        } else if (state instanceof Ended) {
            write(ENDED, out);
        } else if (state instanceof Driven driven) {
            write(SessionPhase.driven(Kind.of(driven.drafts().get(0).reading())), out);
            DecodingStateFormat.writeDriven(driven, out);
        } else if (state instanceof Steered steered) {
            write(SessionPhase.steered(Kind.of(steered.draft().reading())), out);
            DecodingStateFormat.writeSteered(steered, out);
        } else if (state instanceof Partway partway) {
            write(PARTWAY, out);
            InputRecordSerializer.writeSource(partway.record(), out);
            Fields.writeVarint(partway.bytesRead(), out);
            write(partway.session(), out);
        } else if (state instanceof Opening opening) {
            writeLeftOut(opening.leftOut(), out);
            write(SessionPhase.opening(Kind.of(opening.reading())), out);
            InputRecordSerializer.writeSource(opening.record(), out);
            Fields.writeVarint(opening.bytesRead(), out);
            out.writeBoolean(opening.afterEnd());
            ReadingFormat.write(opening.reading(), out);
        }
    }

    private static void write(SessionPhase phase, DataOutputView out) throws IOException {
        out.writeByte(phase.ordinal());
    }

    private static void writeObserved(Open open, DataOutputView out) throws IOException {
        LeftOut leftOut = open.leftOut();
        Observations observations = open.observations();
        boolean isObserved = !observations.equals(Observations.NONE);
        if (leftOut != null && isObserved) {
            write(RESTARTING_OBSERVED, out);
            LeftOutFormat.write(leftOut, out);
            ObservationsFormat.write(observations, out);
            ObservationsFormat.writePlaces(observations.toldPlaces(), out);
        } else if (isObserved) {
            write(OBSERVED, out);
            ObservationsFormat.write(observations, out);
        } else {
            writeLeftOut(leftOut, out);
        }
    }

    private static void writeLeftOut(@Nullable LeftOut leftOut, DataOutputView out) throws IOException {
        if (leftOut != null) {
            write(RESTARTING, out);
            LeftOutFormat.write(leftOut, out);
        }
    }

    @Override
    SessionState read(DataInputView in, int formatVersion) throws IOException {
        SessionPhase phase = readPhase(in, formatVersion);
        return switch (phase) {
            case PARTWAY -> readPartway(in, formatVersion);
            case OPENING, CANONICAL_OPENING, COMBINED_OPENING -> readOpening(phase.kind(), in, formatVersion);
            default -> readWhole(phase, in, formatVersion);
        };
    }

    private static SessionPhase readPhase(DataInputView in, int formatVersion) throws IOException {
        SessionPhase newest = SessionPhase.newestOf(formatVersion);
        return SessionPhase.of(Fields.readSize(in, newest.ordinal()));
    }

    private static SessionState readRestarting(DataInputView in, int formatVersion) throws IOException {
        LeftOut leftOut = LeftOutFormat.read(in);
        SessionPhase phase = readPhase(in, formatVersion);
        return switch (phase) {
            case OPENING, CANONICAL_OPENING ->
                readOpening(phase.kind(), in, formatVersion).leavingOut(leftOut);
            case OPEN, CANONICAL_OPEN ->
                readOpen(phase.kind(), in, formatVersion).leavingOut(leftOut);
            default -> throw new IllegalArgumentException("damaged session: nothing is left out in phase " + phase);
        };
    }

    /** A session between two records. */
    private static SessionState readWhole(SessionPhase phase, DataInputView in, int formatVersion) throws IOException {
        return switch (phase) {
            case RESTARTING -> readRestarting(in, formatVersion);
            case OPEN, CANONICAL_OPEN, COMBINED_OPEN -> readOpen(phase.kind(), in, formatVersion);
            case DEAD_END, CANONICAL_DEAD_END -> readDeadEnd(phase == CANONICAL_DEAD_END, in, formatVersion);
            case DRIVEN, CANONICAL_DRIVEN, COMBINED_DRIVEN ->
                DecodingStateFormat.readDriven(phase.kind(), in, formatVersion);
            case STEERED, CANONICAL_STEERED, COMBINED_STEERED ->
                DecodingStateFormat.readSteered(phase.kind(), in, formatVersion);
            case OBSERVED -> readObserved(ObservationsFormat.read(in), in, formatVersion);
            case RESTARTING_OBSERVED -> readRestartingObserved(in, formatVersion);
            default -> new Ended();
        };
    }

    private static Partway readPartway(DataInputView in, int formatVersion) throws IOException {
        SourcePosition record = InputRecordSerializer.readSource(in);
        int bytesRead = Fields.readSize(in, Integer.MAX_VALUE);
        SessionPhase phase = readPhase(in, formatVersion);
        return new Partway(readWhole(phase, in, formatVersion), record, bytesRead);
    }

    private static Opening readOpening(Kind kind, DataInputView in, int formatVersion) throws IOException {
        SourcePosition record = InputRecordSerializer.readSource(in);
        int bytesRead = Fields.readSize(in, Integer.MAX_VALUE);
        boolean afterEnd = Fields.readFlag(in);
        return new Opening(ReadingFormat.read(kind, in, formatVersion), record, bytesRead, afterEnd);
    }

    private static Open readOpen(Kind kind, DataInputView in, int formatVersion) throws IOException {
        Totals totals = readTotals(kind == Kind.CANONICAL, in);
        Emission.When when = Fields.readEnum(MOMENTS, in);
        Emission emission = new Emission(when, Fields.readSize(in, Integer.MAX_VALUE));
        double baseline = in.readDouble();
        return new Open(ReadingFormat.read(kind, in, formatVersion), emission, baseline, totals);
    }

    private static Open readRestartingObserved(DataInputView in, int formatVersion) throws IOException {
        LeftOut leftOut = LeftOutFormat.read(in);
        Observations observations = ObservationsFormat.read(in);
        ToldPlaces places = ObservationsFormat.readPlaces(in);
        Observations all = places == null ? observations : observations.withTold(places);
        return readObserved(all, in, formatVersion).leavingOut(leftOut);
    }

    private static Open readObserved(Observations observations, DataInputView in, int formatVersion)
            throws IOException {
        SessionPhase phase = readPhase(in, formatVersion);
        return switch (phase) {
            case OPEN, CANONICAL_OPEN, COMBINED_OPEN ->
                readOpen(phase.kind(), in, formatVersion).with(observations);
            default -> throw new IllegalArgumentException("a session of phase " + phase + " observes nothing");
        };
    }

    private static DeadEnd readDeadEnd(boolean canonical, DataInputView in, int formatVersion) throws IOException {
        Totals totals = readTotals(canonical, in);
        return new DeadEnd(totals, formatVersion < WITH_LONGEST ? 0 : Fields.readSize(in, Integer.MAX_VALUE));
    }

    private static void writeTotals(Totals totals, DataOutputView out) throws IOException {
        Fields.writeVarint(totals.bytes(), out);
        out.writeDouble(totals.logLikelihood());
        Fields.writeVarint(totals.emittedBytes(), out);
        out.writeDouble(totals.emittedLogLikelihood());
        Double upper = totals.logLikelihoodUpper();
        if (upper != null) {
            out.writeDouble(upper);
        }
    }

    private static Totals readTotals(boolean canonical, DataInputView in) throws IOException {
        return new Totals(
                Fields.readVarint(in),
                in.readDouble(),
                Fields.readVarint(in),
                in.readDouble(),
                canonical ? Double.valueOf(in.readDouble()) : null);
    }

    /** The smallest state. */
    @Override
    public SessionState createInstance() {
        return new Ended();
    }

    @Override
    public TypeSerializerSnapshot<SessionState> snapshotConfiguration() {
        return new Snapshot(version());
    }

    /** Flink makes one by reflection and fills it from a checkpoint. */
    public static final class Snapshot extends VersionedSnapshot<SessionState> {
        public Snapshot() {
            this(NEWEST_VERSION);
        }

        private Snapshot(int version) {
            super(NAME, version, NEWEST_VERSION, SessionStateSerializer::new);
        }
    }
}
