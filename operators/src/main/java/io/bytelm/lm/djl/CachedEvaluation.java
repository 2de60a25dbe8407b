package io.bytelm.lm.djl;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings contexts through the transformer: finds what the prefix cache lacks, computes all of it together, and reads the
 * distributions that are asked for. Where slots do not suffice for all contexts at once it takes several passes.
 */
final class CachedEvaluation {
    private static final int MAX_PASS_TOKENS = 1024;

    private final ModelConfig config;
    private final Transformer transformer;
    private final PrefixCache cache;
    private final @Nullable TrunkGrowth trunks;
    private final long bytesPerToken;

    /** Tokens to be computed, each after its parent. */
    private final List<CachedToken> added = new ArrayList<>();

    private long rows;
    private long contextTokens;
    private long computedTokens;
    private long passes;

    /**
     * @param trunks null where attention cannot read them
     * @param bytesPerToken what the states of one take
     */
    CachedEvaluation(
            ModelConfig config,
            Transformer transformer,
            PrefixCache cache,
            @Nullable TrunkGrowth trunks,
            long bytesPerToken) {
        this.config = config;
        this.transformer = transformer;
        this.cache = cache;
        this.trunks = trunks;
        this.bytesPerToken = bytesPerToken;
    }

    /**
     * Computes the states of all contexts, as far as the slots suffice: later contexts may displace earlier ones.
     *
     * @return how many tokens had to be computed
     */
    long prefetch(List<TokenContext> contexts) {
        long before = computedTokens;
        List<CachedToken> reached = new ArrayList<>();
        cache.beginPass();
        for (TokenContext context : contexts) {
            CachedToken token = cache.reach(context, added);
            if (token == null) {
                computeAdded();
                growTrunks(reached);
                reached.clear();
                cache.beginPass();
                token = reachInNewPass(context);
            }
            reached.add(token);
        }
        computeAdded();
        growTrunks(reached);
        return computedTokens - before;
    }

    /** @return {@code [contexts.size()][vocab]} */
    float[][] probabilities(List<TokenContext> contexts) {
        float[][] result = new float[contexts.size()][];
        evaluate(contexts, (tokens, first) -> {
            float[][] part = transformer.probabilities(tokens);
            System.arraycopy(part, 0, result, first, part.length);
        });
        return result;
    }

    /**
     * Puts the probabilities after contexts into places on the device.
     *
     * @param places {@code [contexts.size()]}
     * @return how many rows that were
     */
    int keepProbabilities(List<TokenContext> contexts, DevicePasses device, RowPool pool, int[] places) {
        evaluate(
                contexts,
                (tokens, first) -> device.keepProbabilities(
                        tokens, pool, Arrays.copyOfRange(places, first, first + tokens.size())));
        return contexts.size();
    }

    /**
     * @param columns {@code [contexts.size()]}: one column of each row
     * @return {@code [contexts.size()]}: its log-probability (nats)
     */
    float[] logProbabilities(List<TokenContext> contexts, int[] columns) {
        float[] result = new float[contexts.size()];
        evaluate(contexts, (tokens, first) -> {
            int[] chosen = Arrays.copyOfRange(columns, first, first + tokens.size());
            float[] part = transformer.logProbabilities(tokens, chosen);
            System.arraycopy(part, 0, result, first, part.length);
        });
        return result;
    }

    /** Reads rows of tokens whose states are there. */
    @FunctionalInterface
    private interface RowReader {
        /** @param first the number of the first token's context */
        void read(List<CachedToken> tokens, int first);
    }

    private void evaluate(List<TokenContext> contexts, RowReader reader) {
        List<CachedToken> reached = new ArrayList<>();
        int first = 0;
        cache.beginPass();
        for (TokenContext context : contexts) {
            CachedToken token = cache.reach(context, added);
            if (token == null) {
                computeAdded();
                readRows(reached, first, reader);
                growTrunks(reached);
                first += reached.size();
                reached.clear();
                cache.beginPass();
                token = reachInNewPass(context);
            }
            contextTokens += context.length();
            reached.add(token);
        }
        computeAdded();
        readRows(reached, first, reader);
        growTrunks(reached);
    }

    /** For the passes to come. */
    private void growTrunks(List<CachedToken> contexts) {
        if (trunks != null) {
            trunks.grow(contexts);
        }
    }

    private CachedToken reachInNewPass(TokenContext context) {
        CachedToken token = cache.reachFirst(context, added);
        if (token == null) {
            throw new IllegalStateException("a context of " + context.length() + " tokens does not fit into the cache");
        }
        return token;
    }

    private void computeAdded() {
        added.forEach(this::checkToken);
        for (int from = 0; from < added.size(); from += MAX_PASS_TOKENS) {
            transformer.extend(added.subList(from, Math.min(added.size(), from + MAX_PASS_TOKENS)));
            passes++;
        }
        computedTokens += added.size();
        added.clear();
    }

    private void readRows(List<CachedToken> tokens, int first, RowReader reader) {
        int most = transformer.maxRows();
        for (int from = 0; from < tokens.size(); from += most) {
            int to = Math.min(tokens.size(), from + most);
            reader.read(tokens.subList(from, to), first + from);
        }
        rows += tokens.size();
    }

    private void checkToken(CachedToken cached) {
        int token = cached.context.lastToken();
        if (token < 0 || token >= config.vocabularySize()) {
            throw new ModelException(
                    "token " + token + " is not one of the model's " + config.vocabularySize() + " token ids");
        }
    }

    /** Forgets all states; after a failure, some that the cache lists were never computed. */
    void clear() {
        added.clear();
        cache.clear();
    }

    /** How many tokens have their states kept at most. */
    int keptTokens() {
        return cache.limit();
    }

    EngineStatistics statistics() {
        return new EngineStatistics(
                rows,
                contextTokens,
                computedTokens,
                passes,
                trunks == null ? 0 : trunks.laidTokens(),
                cache.evictedTokens(),
                cache.size(),
                cache.usedSlots(),
                cache.limit(),
                cache.limit() * bytesPerToken);
    }
}
