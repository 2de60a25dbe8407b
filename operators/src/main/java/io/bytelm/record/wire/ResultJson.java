package io.bytelm.record.wire;

import io.bytelm.record.Alert;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import org.jspecify.annotations.Nullable;

/** What any session says, as one line of JSON: {@link ScoreJson}, {@link CandidatesJson} or {@link DecodeJson}. */
public final class ResultJson {
    private ResultJson() {}

    /** A line of JSON. Thread-safe. */
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
            return RestartedField.inJson(write(restarted.result(), shortening, sources), restarted.reason());
        }
        if (result instanceof CandidatesRecord candidates) {
            return CandidatesJson.write(candidates, shortening, sources);
        }
        if (result instanceof SpanScore span) {
            return SpanJson.write(span, shortening, sources);
        }
        if (result instanceof Alert alert) {
            return ScoreJson.write(alert.score(), "alert", shortening, sources);
        }
        if (result instanceof ToldTokens told) {
            return TokensJson.write(told, shortening, sources);
        }
        return result instanceof Score score
                ? ScoreJson.write(score, shortening, sources)
                : DecodeJson.write((DecodeRecord) result, shortening, sources);
    }
}
