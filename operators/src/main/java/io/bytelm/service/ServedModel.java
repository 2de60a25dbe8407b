package io.bytelm.service;

import io.bytelm.lm.ModelOpener;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.vocab.VocabularyReader;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A model on this machine and how it is served: all that tells one service of a JVM from another. It knows no job, so that
 * the registry, which outlives jobs, keeps nothing of theirs.
 *
 * @param engine where the model lies, and how the engine runs it
 * @param settings how requests are batched and rows remembered
 * @param bos the token that contexts begin with, by name or id; null for the one that the model's files name
 */
public record ServedModel(
        DjlModelSettings engine,
        ServiceSettings settings,
        @Nullable String bos) {
    /**
     * Opens the service, or joins the one that this JVM has open for the same settings. Any thread.
     *
     * @param linger how long it stays open when this lease was the last one
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    public TrieLmService join(Duration linger) {
        return SharedService.join(this, linger, this::open);
    }

    /** Threads that begin here have this class's loader as their context, not that of the job that came first. */
    private EmbeddedTrieLmService open() {
        Thread caller = Thread.currentThread();
        ClassLoader callers = caller.getContextClassLoader();
        caller.setContextClassLoader(ServedModel.class.getClassLoader());
        try {
            return openEmbedded();
        } finally {
            caller.setContextClassLoader(callers);
        }
    }

    private EmbeddedTrieLmService openEmbedded() {
        ModelOpener opener = columnOrder -> DjlLanguageModel.open(engine, columnOrder);
        var vocabulary = VocabularyReader.fromModelDirectory(engine.modelDirectory(), bos);
        // Nobody waits for it: without it answers only come later.
        CompletableFuture<HuggingFaceTokenizerFile> tokenizer = settings.speculation()
                ? CompletableFuture.supplyAsync(() -> HuggingFaceTokenizerFile.open(engine.modelDirectory()))
                : new CompletableFuture<>();
        TokenizerRules rules = TokenizerRules.ofModelDirectory(engine.modelDirectory(), vocabulary);
        return EmbeddedTrieLmService.open(vocabulary, opener, tokenizer, rules, settings);
    }
}
