package io.bytelm.job.sql;

import io.bytelm.candidate.CandidateScores;
import io.bytelm.record.Anomaly;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.span.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.IntType;
import org.jspecify.annotations.Nullable;

/** What sessions tell on request of spans, unusual bytes, settled tokens and candidates. */
final class ObservationColumns {
    private static final OutputColumns<ToldTokens.Token> TOKEN = new OutputColumns<ToldTokens.Token>("column 'tokens'")
            .with("id", Rendering.of(new IntType(), ToldTokens.Token::id))
            .with("token_from", Rendering.of(new BigIntType(), ToldTokens.Token::from))
            .with("token_to", Rendering.of(new BigIntType(), ToldTokens.Token::to));

    private static final OutputColumns<Candidate> CANDIDATE = new OutputColumns<Candidate>("column 'candidates'")
            .with("text", Rendering.utf8(Candidate::text), Rendering.bytes(Candidate::text))
            .with("byte_count", Rendering.bigint(candidate -> candidate.text().length))
            .with("log_likelihood", Rendering.number(Candidate::logLikelihood))
            .with("eos_logprob", Rendering.optionalNumber(Candidate::endLogProb))
            .with("logprob", Rendering.number(Candidate::logProb))
            .with("probability", Rendering.number(candidate -> Math.exp(candidate.logProb())))
            .with("candidate_rank", Rendering.integer(Candidate::rank));

    /** One of a list; logarithms in nats. */
    private record Candidate(
            byte[] text, double logLikelihood, @Nullable Double endLogProb, double logProb, int rank) {}

    private ObservationColumns() {}

    static OutputColumns<OutputRecord> addTo(OutputColumns<OutputRecord> columns) {
        columns.with("span", Rendering.of(new BigIntType(), ofSpan(Span::index)::apply))
                .with("span_from", Rendering.of(new BigIntType(), ofSpan(Span::from)::apply))
                .with("span_to", Rendering.of(new BigIntType(), ofSpan(Span::to)::apply))
                .with("bits", Rendering.optionalNumber(ofSpan(Span::bits)))
                .with("word_log_likelihood", Rendering.optionalNumber(ofSpan(Span::wordLogLikelihood)));
        columns.with("byte_rank", Rendering.of(new IntType(), ofAnomaly(Anomaly::rank)::apply))
                .with("window_bits_per_byte", Rendering.optionalNumber(ofAnomaly(Anomaly::windowBitsPerByte)))
                .with("z", Rendering.optionalNumber(ofAnomaly(Anomaly::z)))
                .with("tokens", new ArrayOfRows<>(TOKEN, SessionColumns.of(ToldTokens.class, ToldTokens::tokens)));
        return columns.with("best", Rendering.of(new IntType(), ofCandidates(ObservationColumns::best)::apply))
                .with("candidates", new ArrayOfRows<>(CANDIDATE, ofCandidates(ObservationColumns::listed)));
    }

    private static <V> Function<OutputRecord, @Nullable V> ofSpan(Function<Span, @Nullable V> value) {
        return SessionColumns.of(SpanScore.class, told -> value.apply(told.span()));
    }

    private static <V> Function<OutputRecord, @Nullable V> ofAnomaly(Function<Anomaly, @Nullable V> value) {
        return SessionColumns.of(Score.class, score -> {
            Anomaly anomaly = score.anomaly();
            return anomaly == null ? null : value.apply(anomaly);
        });
    }

    private static <V> Function<OutputRecord, @Nullable V> ofCandidates(Function<CandidateScores, @Nullable V> value) {
        return SessionColumns.of(CandidatesRecord.class, record -> value.apply(record.scores()));
    }

    private static @Nullable Integer best(CandidateScores scores) {
        return scores.best() == CandidateScores.NONE ? null : scores.best();
    }

    private static List<Candidate> listed(CandidateScores scores) {
        double[] logProbs = scores.logProbs();
        double[] ends = scores.endLogProbs();
        int[] ranks = scores.ranks();
        List<Candidate> listed = new ArrayList<>(scores.size());
        for (int place = 0; place < scores.size(); place++) {
            listed.add(new Candidate(
                    scores.texts().get(place),
                    scores.logLikelihoods()[place],
                    ends == null ? null : Double.valueOf(ends[place]),
                    logProbs[place],
                    ranks[place]));
        }
        return listed;
    }
}
