package io.bytelm.job.sql;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.SymbolLogProb;
import io.bytelm.dist.Symbols;
import io.bytelm.record.Reading;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.types.logical.DoubleType;
import org.apache.flink.table.types.logical.IntType;
import org.apache.flink.table.types.logical.MapType;
import org.jspecify.annotations.Nullable;

/** The task {@code next}: which byte comes after a text. */
final class NextBytes implements TextComputation<NextBytes.Next> {
    /** What can be said of each symbol; the names are those of the records that the streaming job writes. */
    static final OutputColumns<SymbolLogProb> SYMBOL = new OutputColumns<SymbolLogProb>("column 'next_bytes'")
            .with("byte", Rendering.of(new IntType(), NextBytes::byteOf))
            .with("text", Rendering.text(NextBytes::asciiOf))
            .with("symbol", Rendering.text(symbol -> Symbols.label(symbol.symbol())))
            .with("logprob", Rendering.number(SymbolLogProb::logProb));

    /** What can be asked for. */
    static final OutputColumns<Next> COLUMNS = TextResult.withCommon(new OutputColumns<Next>("task 'next'")
            .with(
                    "next_bytes",
                    new ArrayOfRows<>(SYMBOL, Next::top),
                    Rendering.of(new MapType(new IntType(), new DoubleType()), Next::topBySymbol))
            .with("entropy_bits", Rendering.number(Next::entropyBits))
            .with("log_likelihood", Rendering.number(Next::logLikelihood))
            .with("byte_count", Rendering.bigint(Next::bytes), Rendering.integer(Next::bytes)));

    private final OpenedModel model;
    private final BeamParams params;
    private final @Nullable CanonicalReading canonical;
    private final int top;

    /**
     * @param params on the model's vocabulary
     * @param canonical how canonical tokenizations alone are read; null for all
     * @param top how many symbols are listed
     */
    NextBytes(OpenedModel model, BeamParams params, @Nullable CanonicalReading canonical, int top) {
        this.model = model;
        this.params = params;
        this.canonical = canonical;
        this.top = top;
    }

    /**
     * What comes next.
     *
     * @param top the most probable symbols, the most probable one first
     * @param logLikelihood of the text (nats)
     * @param bytes of the text
     */
    record Next(List<SymbolLogProb> top, double entropyBits, double logLikelihood, int bytes, boolean truncated)
            implements TextResult {
        /** Log-probabilities (nats) by the symbols' numbers. */
        GenericMapData topBySymbol() {
            return bySymbol(top);
        }
    }

    /** Log-probabilities (nats) by the symbols' numbers. */
    static GenericMapData bySymbol(List<SymbolLogProb> listed) {
        Map<Integer, Double> bySymbol = new LinkedHashMap<>();
        listed.forEach(entry -> bySymbol.put(entry.symbol(), entry.logProb()));
        return new GenericMapData(bySymbol);
    }

    private static @Nullable Integer byteOf(SymbolLogProb entry) {
        return entry.symbol() < Symbols.EOT ? entry.symbol() : null;
    }

    private static @Nullable String asciiOf(SymbolLogProb entry) {
        return entry.symbol() < 0x80 ? String.valueOf((char) entry.symbol()) : null;
    }

    @Override
    public Step<Next> begin(byte[] text) {
        if (canonical != null) {
            return canonical
                    .read(text)
                    .then(read -> read.predict()
                            .map(predicted -> result(
                                    predicted.next(),
                                    read.logProb().logLower(),
                                    text,
                                    Math.max(
                                            read.longestContext(),
                                            predicted.tree().longestContext()),
                                    "no canonical tokenization goes on after these " + text.length + " bytes")));
        }
        return model.begin(params)
                .then(start -> start.prefill(text))
                .then(read -> read.predict(Lookahead.NONE)
                        .map(predicted -> result(
                                predicted.next(),
                                read.logZ(),
                                text,
                                predicted.longestContext(),
                                "no tokenization that the beam follows goes on after these " + text.length
                                        + " bytes; a larger 'k' or a smaller 'prune-threshold' follows more")));
    }

    private Next result(NextByteDistribution next, double logProb, byte[] text, int longestContext, String ifNone) {
        if (next.isDeadEnd()) {
            throw new NoResultException(ifNone);
        }
        boolean truncated = model.outgrownBy(longestContext);
        return new Next(next.top(top), next.entropy() / Math.log(2), logProb, text.length, truncated);
    }

    @Override
    public long roomTokens(int bytes) {
        return model.roomTokens(bytes, canonical == null ? params.branchTokens() : Reading.Canonical.BRANCH_TOKENS);
    }
}
