package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Ignored;
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
        return write(record, null, SourceFields.WRITTEN);
    }

    /** @param shortening null to write all of it */
    static byte[] write(DecodeRecord record, @Nullable Shortening shortening, SourceFields sources) {
        boolean texts = shortening == null || shortening.keepsTexts();
        Score.Builder score = ScoreProtobuf.beginning(record, eventOf(record), shortening, sources);
        Decoded.Builder decoded = Decoded.newBuilder();
        if (record instanceof Generated generated) {
            addGenerated(generated, texts, score, decoded);
        } else if (record instanceof Next next) {
            addNext(next, score, decoded);
        } else if (record instanceof Finished finished) {
            addFinished(finished, texts, score, decoded);
        }
        if (shortening == null) {
            addLists(record, score, decoded);
        }
        return score.setDecoded(decoded).build().toByteArray();
    }

    private static Event eventOf(DecodeRecord record) {
        if (record instanceof Generated) {
            return Event.EVENT_GENERATED;
        }
        if (record instanceof Ignored) {
            return Event.EVENT_IGNORED;
        }
        return record instanceof Next ? Event.EVENT_NEXT : Event.EVENT_END;
    }

    private static void addLists(DecodeRecord record, Score.Builder score, Decoded.Builder decoded) {
        if (record instanceof Generated generated) {
            ScoreProtobuf.addNext(generated.next(), score);
        } else if (record instanceof Next next) {
            ScoreProtobuf.addNext(next.next(), score);
        } else if (record instanceof Finished finished) {
            finished.particles().forEach(particle -> decoded.addParticles(message(particle, true)));
        } else if (record instanceof Ignored said) {
            decoded.addAllIgnored(said.ignored());
        }
    }

    private static void addGenerated(Generated generated, boolean texts, Score.Builder score, Decoded.Builder decoded) {
        score.setBytes(generated.bytes()).setLogLikelihood(generated.logLikelihood());
        setUpper(generated.logLikelihoodUpper(), score);
        decoded.setText(text(generated.piece(), texts))
                .setForced(generated.forcedBytes())
                .setLogWeight(generated.logWeight());
        Double logMask = generated.logMask();
        if (logMask != null) {
            decoded.setLogMask(logMask);
        }
    }

    private static void addNext(Next next, Score.Builder score, Decoded.Builder decoded) {
        score.setBytes(next.bytes()).setLogLikelihood(next.logLikelihood());
        setUpper(next.logLikelihoodUpper(), score);
        decoded.setAccepting(next.accepting())
                .setFewestBytes(next.fewestBytes())
                .setLogMask(next.logMask());
        Integer forced = next.forcedByte();
        if (forced != null) {
            decoded.setForcedByte(forced);
        }
    }

    private static void addFinished(Finished finished, boolean texts, Score.Builder score, Decoded.Builder decoded) {
        Output output = finished.output();
        score.setBytes(output.bytes().length).setLogLikelihood(output.logLikelihood());
        setUpper(output.logLikelihoodUpper(), score);
        decoded.setText(text(output.bytes(), texts))
                .setLogWeight(output.logWeight())
                .setOutput(message(output, texts))
                .setLogConstraintProbability(finished.logConstraintProbability())
                .setEss(finished.effectiveSampleSize());
    }

    private static void setUpper(@Nullable Double upper, Score.Builder score) {
        if (upper != null) {
            score.setLogLikelihoodUpper(upper);
        }
    }

    private static ByteString text(byte[] bytes, boolean written) {
        return written ? ByteString.copyFrom(bytes) : ByteString.EMPTY;
    }

    private static DecodedOutput message(Output output, boolean withText) {
        DecodedOutput.Builder message = DecodedOutput.newBuilder()
                .setText(text(output.bytes(), withText))
                .setReason(reasonOf(output.ending()))
                .setComplete(output.complete())
                .setLogLikelihood(output.logLikelihood())
                .setLogWeight(output.logWeight());
        Double upper = output.logLikelihoodUpper();
        if (upper != null) {
            message.setLogLikelihoodUpper(upper);
        }
        return message.build();
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
