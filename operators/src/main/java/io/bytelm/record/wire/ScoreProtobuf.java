package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.NextSymbol;
import io.bytelm.record.proto.Score;
import org.jspecify.annotations.Nullable;

/**
 * A score as a Protobuf message ({@code bytelm/v1/score.proto}). A consumer in Java reads it with
 * {@link Score#parseFrom(byte[])}, one in another language with the code that protoc makes for it.
 */
public final class ScoreProtobuf {
    private ScoreProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(OutputRecord.Score score) {
        Score.Builder message = Score.newBuilder()
                .setSession(ByteString.copyFrom(score.session()))
                .setEvent(eventOf(score.event()))
                .setBytes(score.bytesConsumed())
                .setChunkBytes(score.chunkBytes())
                .setChunkLogLikelihood(score.chunkLogLikelihood())
                .setLogLikelihood(score.totalLogLikelihood())
                .setBitsPerByte(score.bitsPerByte());
        addNext(score.next(), message);
        Double eos = score.eosLogProb();
        if (eos != null) {
            message.setEosLogProb(eos);
        }
        Integer failed = score.failedByte();
        if (failed != null) {
            message.setFailedByte(failed);
        }
        return message.build().toByteArray();
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
