package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.proto.Candidate;
import io.bytelm.record.proto.Candidates;
import io.bytelm.record.proto.Event;
import org.jspecify.annotations.Nullable;

/** What candidates weigh as a Protobuf message: a {@code Score} with {@code candidates}. */
final class CandidatesProtobuf {
    private CandidatesProtobuf() {}

    /** @param shortening null to write all of it */
    static byte[] write(CandidatesRecord record, @Nullable Shortening shortening, SourceFields sources) {
        Candidates.Builder candidates = Candidates.newBuilder();
        int best = record.scores().best();
        if (best != CandidateScores.NONE) {
            candidates.setBest(best);
        }
        if (shortening == null) {
            addAll(record.scores(), candidates);
        }
        return ScoreProtobuf.beginning(record, Event.EVENT_CANDIDATES, shortening, sources)
                .setBytes(record.bytesConsumed())
                .setLogLikelihood(record.totalLogLikelihood())
                .setCandidates(candidates)
                .build()
                .toByteArray();
    }

    private static void addAll(CandidateScores scores, Candidates.Builder candidates) {
        double[] logProbs = scores.logProbs();
        double[] ends = scores.endLogProbs();
        int[] ranks = scores.ranks();
        for (int place = 0; place < scores.size(); place++) {
            Candidate.Builder candidate = Candidate.newBuilder()
                    .setText(ByteString.copyFrom(scores.texts().get(place)))
                    .setLogLikelihood(scores.logLikelihoods()[place])
                    .setLogProb(logProbs[place])
                    .setRank(ranks[place]);
            if (ends != null) {
                candidate.setEosLogProb(ends[place]);
            }
            candidates.addCandidates(candidate);
        }
    }
}
