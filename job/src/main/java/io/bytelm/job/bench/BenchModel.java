package io.bytelm.job.bench;

import io.bytelm.job.ModelSettings;
import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.util.concurrent.CompletableFuture;

/** One loaded model and services over it, one after another, each of which begins with empty caches. */
final class BenchModel implements AutoCloseable {
    private final ModelSettings settings;
    private final TokenByteTrie trie;
    private final DjlLanguageModel model;
    private final CanonicalTokenizer tokenizer;

    /** @throws io.bytelm.lm.ModelException if the model or its tokenizer cannot be loaded */
    BenchModel(ModelSettings settings) {
        this.settings = settings;
        this.trie = new TokenByteTrie(settings.vocabulary());
        this.tokenizer = HuggingFaceTokenizerFile.open(settings.resolvedDirectory());
        this.model = DjlLanguageModel.open(settings.engine(), trie.columnOrder());
    }

    Vocabulary vocabulary() {
        return trie.vocabulary();
    }

    TokenByteTrie trie() {
        return trie;
    }

    CanonicalRules canonicalRules() {
        return settings.canonicalRules();
    }

    /** How many tokens of a context the model reads at most. */
    long contextTokens() {
        return model.contextTokens();
    }

    CanonicalTokenizer tokenizer() {
        return tokenizer;
    }

    /** The model itself, with empty caches; only while no service of this is open. */
    DjlLanguageModel withEmptyCache() {
        model.forgetStates();
        return model;
    }

    /**
     * Only one service is open at a time.
     *
     * @param lent this model, measured or watched; closing it leaves this open
     */
    EmbeddedTrieLmService serviceOver(LanguageModel lent) {
        return new EmbeddedTrieLmService(
                trie, lent, CompletableFuture.completedFuture(new Lent(tokenizer)), settings.service());
    }

    /** A service that asks the model for nothing but what it is asked for. */
    EmbeddedTrieLmService serviceWithoutSpeculation(MeasuredModel measured) {
        return new EmbeddedTrieLmService(trie, measured, settings.service());
    }

    /** A tokenizer that stays open when a service is closed. */
    private record Lent(CanonicalTokenizer tokenizer) implements CanonicalTokenizer {
        @Override
        public int[] tokens(byte[] text) {
            return tokenizer.tokens(text);
        }

        @Override
        public void close() {}
    }

    @Override
    public void close() {
        tokenizer.close();
        model.close();
    }
}
