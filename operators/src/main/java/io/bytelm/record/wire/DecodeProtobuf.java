package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.DecodeRecord.Output;
import io.bytelm.record.proto.Decoded;
import io.bytelm.record.proto.DecodedOutput;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Score;
import org.jspecify.annotations.Nullable;

/** What a decoding session says, as a Protobuf message: a {@code Score} whose field {@code decoded} is set. */
public final class DecodeProtobuf {
    private DecodeProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(DecodeRecord record) {
        Score.Builder score = Score.newBuilder().setSession(ByteString.copyFrom(record.session()));
        Decoded.Builder decoded = Decoded.newBuilder();
        if (record instanceof Generated generated) {
            addGenerated(generated, score, decoded);
        } else if (record instanceof Next next) {
            addNext(next, score, decoded);
        } else if (record instanceof Finished finished) {
            addFinished(finished, score, decoded);
        }
        return score.setDecoded(decoded).build().toByteArray();
    }

    private static void addGenerated(Generated generated, Score.Builder score, Decoded.Builder decoded) {
        score.setEvent(Event.EVENT_GENERATED).setBytes(generated.bytes()).setLogLikelihood(generated.logLikelihood());
        ScoreProtobuf.addNext(generated.next(), score);
        decoded.setText(ByteString.copyFrom(generated.piece()))
                .setForced(generated.forcedBytes())
                .setLogWeight(generated.logWeight());
        Double logMask = generated.logMask();
        if (logMask != null) {
            decoded.setLogMask(logMask);
        }
    }

    private static void addNext(Next next, Score.Builder score, Decoded.Builder decoded) {
        score.setEvent(Event.EVENT_NEXT).setBytes(next.bytes()).setLogLikelihood(next.logLikelihood());
        ScoreProtobuf.addNext(next.next(), score);
        decoded.setAccepting(next.accepting())
                .setFewestBytes(next.fewestBytes())
                .setLogMask(next.logMask());
        Integer forced = next.forcedByte();
        if (forced != null) {
            decoded.setForcedByte(forced);
        }
    }

    private static void addFinished(Finished finished, Score.Builder score, Decoded.Builder decoded) {
        Output output = finished.output();
        score.setEvent(Event.EVENT_END).setBytes(output.bytes().length).setLogLikelihood(output.logLikelihood());
        decoded.setText(ByteString.copyFrom(output.bytes()))
                .setLogWeight(output.logWeight())
                .setOutput(message(output))
                .setLogConstraintProbability(finished.logConstraintProbability())
                .setEss(finished.effectiveSampleSize());
        finished.particles().forEach(particle -> decoded.addParticles(message(particle)));
    }

    private static DecodedOutput message(Output output) {
        return DecodedOutput.newBuilder()
                .setText(ByteString.copyFrom(output.bytes()))
                .setReason(reasonOf(output.ending()))
                .setComplete(output.complete())
                .setLogLikelihood(output.logLikelihood())
                .setLogWeight(output.logWeight())
                .build();
    }

    private static DecodedOutput.Reason reasonOf(@Nullable Ending ending) {
        if (ending == null) {
            return DecodedOutput.Reason.REASON_ENDED;
        }
        return switch (ending) {
            case EOS -> DecodedOutput.Reason.REASON_EOS;
            case COMPLETE -> DecodedOutput.Reason.REASON_COMPLETE;
            case STOP -> DecodedOutput.Reason.REASON_STOP;
            case BUDGET -> DecodedOutput.Reason.REASON_BUDGET;
            case DEAD_END -> DecodedOutput.Reason.REASON_DEAD_END;
        };
    }
}
