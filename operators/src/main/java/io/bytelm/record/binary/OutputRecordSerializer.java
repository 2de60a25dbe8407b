package io.bytelm.record.binary;

import io.bytelm.dist.Symbols;
import io.bytelm.record.Alert;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.InputRecord;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Format 7: a byte for the kind. 0, a score: session, event, counts as varints, log-likelihoods as raw doubles, the
 * listed symbols (a varint and a raw double each), the probability of EOS and the failed byte where there are any, the
 * source. 1, a dead letter: the input record in its own format 2, reason, message, the
 * number of bytes read, and the exception with a presence byte. 2, what a decoding session says: {@link DecodeRecordFormat}. 3, what a session says first after it was begun anew: the reason,
 * then what it says. 4, a span: {@link SpanScoreFormat}. 5, a score that says how
 * unusual its last bytes are: one more than the rank, 0 for none, the window's bits and z, each with a presence byte, then the
 * score. 6, settled tokens: {@link ToldTokensFormat}. 7, an alert: its score. 8, what candidates weigh:
 * {@link CandidatesFormat}. Kinds 0 and 2 end with whether contexts were shortened; in
 * kind 0 the upper end of the total log-likelihood follows, with a presence byte, then how many bytes were left out, and the
 * kind of the dead end as its number and one, or 0 for none.
 *
 * <p>In format 6 no decoding session says what its constraint ignores. In format 5 there are no kinds 4 to 8, nothing that a decoding session says has an upper end, and nothing is said of bytes that were left out. In format 4 a score has no upper end. In format 3 nothing is said of contexts. In format 2 a dead letter has the input record in its format 1. In format 1 it ends with the message, and there is no
 * kind 3.
 */
public final class OutputRecordSerializer extends VersionedSerializer<OutputRecord> {
    private static final long serialVersionUID = 1;
    private static final String NAME = "output record";
    private static final int NEWEST_VERSION = 7;
    private static final int WITH_NEWEST_INPUT = 3;
    private static final int WITH_TRUNCATED = 4;
    /** The first format in which decoding sessions say an upper end. */
    static final int WITH_DECODED_UPPER = 6;
    /** The first format in which decoding sessions say what their constraint ignores. */
    static final int WITH_IGNORED = 7;

    private static final int NEWEST_INPUT_VERSION = 2;
    private static final int SCORE = 0;
    private static final int DEAD_LETTER = 1;
    private static final int DECODE = 2;
    private static final int RESTARTED = 3;
    private static final int SPAN = 4;
    private static final int UNUSUAL = 5;
    private static final int TOKENS = 6;
    private static final int ALERT = 7;
    private static final int CANDIDATES = 8;
    private static final int WITH_OBSERVATIONS = 6;
    private static final int MAX_SYMBOLS = Symbols.COUNT;
    private static final InputRecordSerializer INPUT = new InputRecordSerializer();

    /** Of the newest format. */
    public OutputRecordSerializer() {
        this(NEWEST_VERSION);
    }

    private OutputRecordSerializer(int version) {
        super(NAME, version, NEWEST_VERSION);
    }

    @Override
    void write(OutputRecord record, DataOutputView out) throws IOException {
        if (record instanceof Score score) {
            out.writeByte(score.anomaly() == null ? SCORE : UNUSUAL);
            ScoreFormat.writeAnomaly(score.anomaly(), out);
            ScoreFormat.write(score, out);
        } else if (record instanceof DeadLetter letter) {
            out.writeByte(DEAD_LETTER);
            INPUT.write(letter.input(), out);
            Fields.writeText(letter.reason(), out);
            Fields.writeText(letter.message(), out);
            Fields.writeVarint(letter.bytesRead(), out);
            Fields.writeNullableText(letter.exception(), out);
        } else if (record instanceof DecodeRecord decode) {
            out.writeByte(DECODE);
            DecodeRecordFormat.write(decode, out);
        } else if (record instanceof SpanScore span) {
            out.writeByte(SPAN);
            SpanScoreFormat.write(span, out);
        } else if (record instanceof Alert alert) {
            out.writeByte(ALERT);
            write(alert.score(), out);
        } else if (record instanceof ToldTokens told) {
            out.writeByte(TOKENS);
            ToldTokensFormat.write(told, out);
        } else if (record instanceof CandidatesRecord candidates) {
            out.writeByte(CANDIDATES);
            CandidatesFormat.write(candidates, out);
        } else if (record instanceof Restarted restarted) {
            out.writeByte(RESTARTED);
            Fields.writeText(restarted.reason(), out);
            write(restarted.result(), out);
        }
    }

    @Override
    OutputRecord read(DataInputView in, int formatVersion) throws IOException {
        return switch (Fields.readSize(in, formatVersion < WITH_OBSERVATIONS ? RESTARTED : CANDIDATES)) {
            case SCORE -> ScoreFormat.read(in, formatVersion);
            case DECODE -> DecodeRecordFormat.read(in, formatVersion);
            case RESTARTED -> readRestarted(in, formatVersion);
            case SPAN -> SpanScoreFormat.read(in);
            case UNUSUAL -> ScoreFormat.readUnusual(in, formatVersion);
            case TOKENS -> ToldTokensFormat.read(in);
            case ALERT -> readAlert(in, formatVersion);
            case CANDIDATES -> CandidatesFormat.read(in);
            default -> readDeadLetter(in, formatVersion);
        };
    }

    private Restarted readRestarted(DataInputView in, int formatVersion) throws IOException {
        String reason = Fields.readText(in);
        if (read(in, formatVersion) instanceof Result result && !(result instanceof Restarted)) {
            return new Restarted(result, reason);
        }
        throw new IllegalArgumentException("what begins anew is no result");
    }

    private static DeadLetter readDeadLetter(DataInputView in, int formatVersion) throws IOException {
        InputRecord input = INPUT.read(in, formatVersion < WITH_NEWEST_INPUT ? 1 : NEWEST_INPUT_VERSION);
        String reason = Fields.readText(in);
        String message = Fields.readText(in);
        return formatVersion == 1
                ? new DeadLetter(input, reason, message)
                : new DeadLetter(
                        input, reason, message, Fields.readSize(in, Integer.MAX_VALUE), Fields.readNullableText(in));
    }

    private Alert readAlert(DataInputView in, int formatVersion) throws IOException {
        if (read(in, formatVersion) instanceof Score score) {
            return new Alert(score);
        }
        throw new IllegalArgumentException("an alert is no score");
    }

    /** With a presence byte. */
    static void writeNullableDouble(@Nullable Double value, DataOutputView out) throws IOException {
        out.writeBoolean(value != null);
        if (value != null) {
            out.writeDouble(value);
        }
    }

    static @Nullable Double readNullableDouble(DataInputView in) throws IOException {
        return Fields.readFlag(in) ? Double.valueOf(in.readDouble()) : null;
    }

    /** The end of a score, or of what a decoding session says. */
    static boolean readTruncated(DataInputView in, int formatVersion) throws IOException {
        return formatVersion >= WITH_TRUNCATED && Fields.readFlag(in);
    }

    /** One more than the number of symbols, 0 for none at all; then the symbols. */
    static void writeNext(@Nullable NextSymbols next, DataOutputView out) throws IOException {
        Fields.writeVarint(next == null ? 0 : next.size() + 1L, out);
        for (int i = 0; next != null && i < next.size(); i++) {
            Fields.writeVarint(next.symbols()[i], out);
            out.writeDouble(next.logProbs()[i]);
        }
    }

    static @Nullable NextSymbols readNext(DataInputView in) throws IOException {
        int sizeAndOne = Fields.readSize(in, MAX_SYMBOLS + 1);
        if (sizeAndOne == 0) {
            return null;
        }
        int[] symbols = new int[sizeAndOne - 1];
        double[] logProbs = new double[symbols.length];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = Fields.readSize(in, MAX_SYMBOLS - 1);
            logProbs[i] = in.readDouble();
        }
        return new NextSymbols(symbols, logProbs);
    }

    /** An empty dead letter. */
    @Override
    public OutputRecord createInstance() {
        return new DeadLetter(INPUT.createInstance(), "", "");
    }

    @Override
    public TypeSerializerSnapshot<OutputRecord> snapshotConfiguration() {
        return new Snapshot(version());
    }

    /** Flink makes one by reflection and fills it from a checkpoint. */
    public static final class Snapshot extends VersionedSnapshot<OutputRecord> {
        public Snapshot() {
            this(NEWEST_VERSION);
        }

        private Snapshot(int version) {
            super(NAME, version, NEWEST_VERSION, OutputRecordSerializer::new);
        }
    }
}
