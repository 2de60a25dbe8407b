package io.bytelm.record.wire;

import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import org.jspecify.annotations.Nullable;

/** What any session says, as a Protobuf message of {@code bytelm/v1/score.proto}. */
public final class ResultProtobuf {
    private ResultProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(Result result) {
        return write(result, null);
    }

    /**
     * The same of a result that is too large for its topic. Thread-safe.
     *
     * @param shortening null to write all of it
     */
    public static byte[] write(Result result, @Nullable Shortening shortening) {
        if (result instanceof Restarted restarted) {
            return RestartedField.inProtobuf(write(restarted.result(), shortening), restarted.reason());
        }
        return result instanceof Score score
                ? ScoreProtobuf.write(score, shortening)
                : DecodeProtobuf.write((DecodeRecord) result, shortening);
    }
}
