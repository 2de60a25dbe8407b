package io.bytelm.job.sql;

import io.bytelm.dist.SymbolLogProb;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.DecodeRecord.Finished;
import io.bytelm.record.DecodeRecord.Generated;
import io.bytelm.record.DecodeRecord.Next;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SpanScore;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.MapType;
import org.jspecify.annotations.Nullable;

/** What sessions say of probabilities; the names are those of the records that the streaming job writes. */
final class ScoreColumns {
    private ScoreColumns() {}

    static OutputColumns<OutputRecord> addTo(OutputColumns<OutputRecord> columns) {
        return columns.with("byte_count", Rendering.of(new BigIntType(), ScoreColumns::byteCount))
                .with("chunk_bytes", Rendering.of(new BigIntType(), ofScore(Score::chunkBytes)::apply))
                .with("chunk_log_likelihood", Rendering.optionalNumber(ofScore(Score::chunkLogLikelihood)))
                .with("log_likelihood", Rendering.optionalNumber(ScoreColumns::logLikelihood))
                .with("log_likelihood_upper", Rendering.optionalNumber(ofScore(Score::totalLogLikelihoodUpper)))
                .with("bits_per_byte", Rendering.optionalNumber(ofScore(ScoreColumns::bitsPerByte)))
                .with(
                        "next_bytes",
                        new ArrayOfRows<>(NextBytes.SYMBOL, ScoreColumns::next),
                        Rendering.of(new MapType(new IntType(), new DoubleType()), record -> {
                            List<SymbolLogProb> next = next(record);
                            return next == null ? null : NextBytes.bySymbol(next);
                        }))
                .with("eos_logprob", Rendering.optionalNumber(ofScore(Score::eosLogProb)))
                .with("failed_byte", Rendering.of(new IntType(), ofScore(Score::failedByte)::apply));
    }

    private static <V> Function<OutputRecord, @Nullable V> ofScore(Function<Score, @Nullable V> value) {
        return SessionColumns.of(Score.class, value);
    }

    /** NULL before the first byte. */
    private static @Nullable Double bitsPerByte(Score score) {
        return score.bytesConsumed() == 0 ? null : score.bitsPerByte();
    }

    private static @Nullable Long byteCount(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Score score) {
            return score.bytesConsumed();
        }
        if (said instanceof Generated generated) {
            return generated.bytes();
        }
        if (said instanceof Next next) {
            return next.bytes();
        }
        if (said instanceof SpanScore span) {
            return span.span().bytes();
        }
        if (said instanceof CandidatesRecord candidates) {
            return candidates.bytesConsumed();
        }
        return said instanceof Finished finished ? (long) finished.output().bytes().length : null;
    }

    private static @Nullable Double logLikelihood(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Score score) {
            return score.totalLogLikelihood();
        }
        if (said instanceof Generated generated) {
            return generated.logLikelihood();
        }
        if (said instanceof Next next) {
            return next.logLikelihood();
        }
        if (said instanceof SpanScore span) {
            return span.span().logLikelihood();
        }
        if (said instanceof CandidatesRecord candidates) {
            return candidates.totalLogLikelihood();
        }
        return said instanceof Finished finished ? finished.output().logLikelihood() : null;
    }

    private static @Nullable List<SymbolLogProb> next(OutputRecord record) {
        OutputRecord said = SessionColumns.said(record);
        if (said instanceof Score score) {
            return listed(score.next());
        }
        if (said instanceof Generated generated) {
            return listed(generated.next());
        }
        return said instanceof Next next ? listed(next.next()) : null;
    }

    private static @Nullable List<SymbolLogProb> listed(@Nullable NextSymbols next) {
        if (next == null) {
            return null;
        }
        List<SymbolLogProb> listed = new ArrayList<>(next.size());
        for (int i = 0; i < next.size(); i++) {
            listed.add(new SymbolLogProb(next.symbols()[i], next.logProbs()[i]));
        }
        return listed;
    }
}
