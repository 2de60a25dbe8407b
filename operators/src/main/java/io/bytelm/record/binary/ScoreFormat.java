package io.bytelm.record.binary;

import io.bytelm.dist.Symbols;
import io.bytelm.record.Anomaly;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SourcePosition;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** A score as {@link OutputRecordSerializer} describes it. */
final class ScoreFormat {
    private static final int WITH_UPPER = 5;
    private static final Event[] EVENTS = Event.values();

    private ScoreFormat() {}

    static void write(Score score, DataOutputView out) throws IOException {
        Fields.writeBytes(score.session(), out);
        Fields.writeVarint(score.event().ordinal(), out);
        Fields.writeVarint(score.bytesConsumed(), out);
        Fields.writeVarint(score.chunkBytes(), out);
        out.writeDouble(score.chunkLogLikelihood());
        out.writeDouble(score.totalLogLikelihood());
        OutputRecordSerializer.writeNext(score.next(), out);
        Double eos = score.eosLogProb();
        out.writeBoolean(eos != null);
        if (eos != null) {
            out.writeDouble(eos);
        }
        Integer failed = score.failedByte();
        out.writeBoolean(failed != null);
        if (failed != null) {
            out.writeByte(failed);
        }
        InputRecordSerializer.writeSource(score.source(), out);
        out.writeBoolean(score.truncated());
        Double upper = score.totalLogLikelihoodUpper();
        out.writeBoolean(upper != null);
        if (upper != null) {
            out.writeDouble(upper);
        }
    }

    static Score read(DataInputView in, int formatVersion) throws IOException {
        byte[] session = Fields.readBytes(in);
        Event event = Fields.readEnum(EVENTS, in);
        long bytesConsumed = Fields.readVarint(in);
        long chunkBytes = Fields.readVarint(in);
        double chunkLogLikelihood = in.readDouble();
        double totalLogLikelihood = in.readDouble();
        NextSymbols next = OutputRecordSerializer.readNext(in);
        @Nullable Double eos = Fields.readFlag(in) ? Double.valueOf(in.readDouble()) : null;
        @Nullable Integer failed = Fields.readFlag(in) ? Integer.valueOf(in.readUnsignedByte()) : null;
        SourcePosition source = InputRecordSerializer.readSource(in);
        boolean truncated = OutputRecordSerializer.readTruncated(in, formatVersion);
        boolean hasUpper = formatVersion >= WITH_UPPER && Fields.readFlag(in);
        @Nullable Double upper = hasUpper ? Double.valueOf(in.readDouble()) : null;
        return new Score(
                session,
                event,
                bytesConsumed,
                chunkBytes,
                chunkLogLikelihood,
                totalLogLikelihood,
                upper,
                next,
                eos,
                failed,
                truncated,
                source);
    }

    /** One more than the rank, 0 for none; the window's bits and z, each with a presence byte. */
    static void writeAnomaly(@Nullable Anomaly anomaly, DataOutputView out) throws IOException {
        if (anomaly != null) {
            Integer rank = anomaly.rank();
            Fields.writeVarint(rank == null ? 0 : rank + 1L, out);
            ObservationsFormat.writeNullable(anomaly.windowBitsPerByte(), out);
            ObservationsFormat.writeNullable(anomaly.z(), out);
        }
    }

    /** What {@link #writeAnomaly} wrote, and then the score. */
    static Score readUnusual(DataInputView in, int formatVersion) throws IOException {
        int rankAndOne = Fields.readSize(in, Symbols.EOT + 1);
        Anomaly anomaly = new Anomaly(
                rankAndOne == 0 ? null : Integer.valueOf(rankAndOne - 1),
                ObservationsFormat.readNullable(in),
                ObservationsFormat.readNullable(in));
        return read(in, formatVersion).with(anomaly);
    }
}
