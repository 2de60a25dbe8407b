package io.bytelm.record.wire;

import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;

/** What any session says, as a Protobuf message of {@code bytelm/v1/score.proto}. */
public final class ResultProtobuf {
    private ResultProtobuf() {}

    /** The message's bytes. Thread-safe. */
    public static byte[] write(Result result) {
        if (result instanceof Restarted restarted) {
            return RestartedField.inProtobuf(write(restarted.result()), restarted.reason());
        }
        return result instanceof Score score ? ScoreProtobuf.write(score) : DecodeProtobuf.write((DecodeRecord) result);
    }
}
