package io.bytelm.record;

import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;

/**
 * The surprisal of a session's last bytes has risen to as many standard deviations above what is usual in it as the job wants to
 * know of. The next one comes when it has been below that in between.
 *
 * @param score the session at the byte with which that was so; it has an {@link Score#anomaly}
 */
public record Alert(Score score) implements Result {
    @Override
    public byte[] session() {
        return score.session();
    }

    @Override
    public SourcePosition source() {
        return score.source();
    }

    @Override
    public boolean truncated() {
        return score.truncated();
    }
}
