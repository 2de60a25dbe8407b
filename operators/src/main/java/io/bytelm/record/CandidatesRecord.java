package io.bytelm.record;

import io.bytelm.candidate.CandidateScores;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How probable each of a list of continuations is after what a session has read. It has not changed the session.
 *
 * @param session the Kafka key; not to be changed
 * @param bytesConsumed bytes scored so far in this session, the prompt not counted
 * @param totalLogLikelihood log P of all scored bytes after the prompt (nats)
 * @param scores of the candidates, in the order in which they were asked about
 * @param truncated see {@link OutputRecord.Result#truncated()}
 * @param source the input record that asked
 */
public record CandidatesRecord(
        byte[] session,
        long bytesConsumed,
        double totalLogLikelihood,
        CandidateScores scores,
        boolean truncated,
        SourcePosition source)
        implements OutputRecord.Result {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CandidatesRecord that
                && Arrays.equals(session, that.session)
                && bytesConsumed == that.bytesConsumed
                && Double.compare(totalLogLikelihood, that.totalLogLikelihood) == 0
                && scores.equals(that.scores)
                && truncated == that.truncated
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(session), bytesConsumed, totalLogLikelihood, scores, source);
    }
}
