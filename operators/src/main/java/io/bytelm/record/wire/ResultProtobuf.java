package io.bytelm.record.wire;

import io.bytelm.record.Alert;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.proto.Event;
import org.jspecify.annotations.Nullable;

/** What any session says, as a Protobuf message of {@code bytelm/v1/score.proto}. */
public final class ResultProtobuf {
    private ResultProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(Result result) {
        return write(result, null, SourceFields.WRITTEN);
    }

    /**
     * The same of a result that may be too large for its topic, with or without its source. Thread-safe.
     *
     * @param shortening null to write all of it
     */
    public static byte[] write(Result result, @Nullable Shortening shortening, SourceFields sources) {
        if (result instanceof Restarted restarted) {
            return RestartedField.inProtobuf(write(restarted.result(), shortening, sources), restarted.reason());
        }
        if (result instanceof CandidatesRecord candidates) {
            return CandidatesProtobuf.write(candidates, shortening, sources);
        }
        if (result instanceof SpanScore span) {
            return SpanProtobuf.write(span, shortening, sources);
        }
        if (result instanceof Alert alert) {
            return ScoreProtobuf.write(alert.score(), Event.EVENT_ALERT, shortening, sources);
        }
        if (result instanceof ToldTokens told) {
            return TokensProtobuf.write(told, shortening, sources);
        }
        return result instanceof Score score
                ? ScoreProtobuf.write(score, shortening, sources)
                : DecodeProtobuf.write((DecodeRecord) result, shortening, sources);
    }
}
