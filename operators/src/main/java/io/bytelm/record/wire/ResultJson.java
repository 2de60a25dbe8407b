package io.bytelm.record.wire;

import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;

/** What any session says, as one line of JSON: {@link ScoreJson} or {@link DecodeJson}. */
public final class ResultJson {
    private ResultJson() {}

    /** A line of JSON. Thread-safe. */
    public static byte[] write(Result result) {
        if (result instanceof Restarted restarted) {
            return RestartedField.inJson(write(restarted.result()), restarted.reason());
        }
        return result instanceof Score score ? ScoreJson.write(score) : DecodeJson.write((DecodeRecord) result);
    }
}
