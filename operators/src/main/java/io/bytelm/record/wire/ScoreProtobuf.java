package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.beam.DeadEndKind;
import io.bytelm.record.Anomaly;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.NextSymbol;
import io.bytelm.record.proto.Score;
import io.bytelm.record.proto.TooLarge;
import org.jspecify.annotations.Nullable;

/**
 * A score as a Protobuf message ({@code bytelm/v1/score.proto}). A consumer in Java reads it with
 * {@link Score#parseFrom(byte[])}, one in another language with the code that protoc makes for it.
 */
public final class ScoreProtobuf {
    private ScoreProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(OutputRecord.Score score) {
        return write(score, null, SourceFields.WRITTEN);
    }

    /** @param shortening null to write all of it */
    static byte[] write(OutputRecord.Score score, @Nullable Shortening shortening, SourceFields sources) {
        return write(score, eventOf(score.event()), shortening, sources);
    }

    /** @param event what has happened, where that is something else than the score's event */
    static byte[] write(OutputRecord.Score score, Event event, @Nullable Shortening shortening, SourceFields sources) {
        Score.Builder message = beginning(score, event, shortening, sources)
                .setBytes(score.bytesConsumed())
                .setChunkBytes(score.chunkBytes())
                .setChunkLogLikelihood(score.chunkLogLikelihood())
                .setLogLikelihood(score.totalLogLikelihood())
                .setBitsPerByte(score.bitsPerByte());
        addNext(shortening == null ? score.next() : null, message);
        Double upper = score.totalLogLikelihoodUpper();
        if (upper != null) {
            message.setLogLikelihoodUpper(upper);
        }
        Double eos = score.eosLogProb();
        if (eos != null) {
            message.setEosLogProb(eos);
        }
        Integer failed = score.failedByte();
        if (failed != null) {
            message.setFailedByte(failed);
        }
        DeadEndKind deadEnd = score.deadEnd();
        if (deadEnd != null) {
            message.setDeadEndReason(deadEnd.word());
        }
        addAnomaly(score.anomaly(), message);
        return message.setSkippedBytes(score.skippedBytes()).build().toByteArray();
    }

    private static void addAnomaly(@Nullable Anomaly anomaly, Score.Builder message) {
        if (anomaly == null) {
            return;
        }
        Integer rank = anomaly.rank();
        if (rank != null) {
            message.setRank(rank);
        }
        Double bits = anomaly.windowBitsPerByte();
        if (bits != null) {
            message.setWindowBitsPerByte(bits);
        }
        Double z = anomaly.z();
        if (z != null) {
            message.setZ(z);
        }
    }

    /** The session and what happened in it; of a shortened result also what it stands for. */
    static Score.Builder beginning(
            OutputRecord.Result result, Event event, @Nullable Shortening shortening, SourceFields sources) {
        Score.Builder message = Score.newBuilder().setTruncated(result.truncated());
        if (sources == SourceFields.WRITTEN || shortening != null) {
            SourceFields.add(result.source(), message);
        }
        if (shortening == null) {
            return message.setSession(ByteString.copyFrom(result.session())).setEvent(event);
        }
        TooLarge.Builder stands = TooLarge.newBuilder()
                .setOf(event)
                .setRecordBytes(shortening.recordBytes())
                .setLimitBytes(shortening.limitBytes())
                .setSourceTopic(result.source().topic())
                .setSourcePartition(result.source().partition())
                .setSourceOffset(result.source().offset());
        if (shortening.cutsSession(result)) {
            stands.setSessionBytes(result.session().length)
                    .setSessionSha256(ByteString.copyFrom(Sha256.of(result.session())));
        }
        return message.setSession(ByteString.copyFrom(shortening.session(result)))
                .setEvent(Event.EVENT_TOO_LARGE)
                .setTooLarge(stands);
    }

    static void addNext(@Nullable NextSymbols next, Score.Builder message) {
        for (int i = 0; next != null && i < next.size(); i++) {
            message.addNext(NextSymbol.newBuilder().setSymbol(next.symbols()[i]).setLogProb(next.logProbs()[i]));
        }
    }

    private static Event eventOf(OutputRecord.Event event) {
        return switch (event) {
            case BYTE -> Event.EVENT_BYTE;
            case CHUNK -> Event.EVENT_CHUNK;
            case END -> Event.EVENT_END;
            case DEAD_END -> Event.EVENT_DEAD_END;
        };
    }
}
