package io.bytelm.job;

import io.bytelm.job.check.MemoryNeed;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.ModelMemory;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.service.ServedModel;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which model, and how it is run. It travels with the job and opens the model where the job runs, once a JVM.
 *
 * @param directory a Hugging Face directory, which must be there on every machine that runs the job; null for the model
 *     that comes with the program
 * @param adapter a directory with a LoRA adapter that is merged into it, there on every machine as well; null for none
 * @param engineSettings how the engine runs it
 * @param service how requests are batched and rows remembered
 * @param bos the token that contexts begin with, by name or id; null for the one that the model's files name
 */
public record ModelSettings(
        @Nullable String directory,
        @Nullable String adapter,
        EngineSettings engineSettings,
        ServiceSettings service,
        @Nullable String bos)
        implements JobModel {
    /** Of the option, in {@link #ofResults}. */
    public static final String MODEL = "model";

    private static final long serialVersionUID = 1;

    /** A model without an adapter, or with the one in its own directory, and with the BOS token that its files name. */
    public ModelSettings(@Nullable String directory, EngineSettings engineSettings, ServiceSettings service) {
        this(directory, null, engineSettings, service, null);
    }

    /** Where the model and its adapter lie on this machine. */
    public ModelLocation location() {
        return new ModelLocation(resolvedDirectory(), adapter == null ? null : Path.of(adapter));
    }

    /** Where the model lies on this machine. */
    public Path resolvedDirectory() {
        return directory == null ? BundledModel.directory() : Path.of(directory);
    }

    @Override
    public String name() {
        String name = directory == null
                ? "tiny-en"
                : String.valueOf(Path.of(directory).getFileName());
        return adapter == null ? name : name + " with " + Path.of(adapter).getFileName();
    }

    /** What the model's token ids stand for. */
    public Vocabulary vocabulary() {
        return VocabularyReader.fromModelDirectory(resolvedDirectory(), bos);
    }

    @Override
    public CanonicalRules canonicalRules() {
        return TokenizerRules.ofModelDirectory(resolvedDirectory(), vocabulary())
                .get();
    }

    @Override
    public String place() {
        return location().toString();
    }

    @Override
    public String remedyOnCluster() {
        return "; the model must lie at the same path on every TaskManager's machine as on that where the job is submitted"
                + (adapter == null ? " (--model)" : " (--model, --adapter)");
    }

    @Override
    public KnownModel look() {
        KnownModel known = ModelFiles.read(location(), bos);
        try {
            engineSettings.statePrecision().requireFits(ModelConfig.read(resolvedDirectory()), resolvedDirectory());
        } catch (ModelException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
        return known;
    }

    /** Reads samples of the model's files. */
    @Override
    public Map<String, String> ofResults() {
        Map<String, String> named = new LinkedHashMap<>();
        named.put(MODEL, ModelFingerprint.of(resolvedDirectory()));
        if (adapter != null) {
            named.put("adapter", ModelFingerprint.of(Path.of(adapter)));
        }
        named.put("max-context", Integer.toString(engineSettings.maxContextTokens()));
        named.put("context-stride", Integer.toString(engineSettings.contextStrideTokens()));
        named.put("precision", engineSettings.precision().name().toLowerCase(Locale.ROOT));
        if (engineSettings.statePrecision() != StatePrecision.FLOAT32) {
            named.put("state-precision", engineSettings.statePrecision().toString());
        }
        if (bos != null) {
            named.put("bos", bos);
        }
        return named;
    }

    @Override
    public TrieLmService join(Duration linger) {
        return new ServedModel(engine(), service, bos).join(linger);
    }

    /** @throws io.bytelm.lm.ModelException if the model is not readable on this machine */
    @Override
    public MemoryNeed memoryNeed(long heldBytesEach) {
        ModelMemory memory = ModelMemory.of(engine());
        return new MemoryNeed(memory.weightBytes(), memory.stateBytes(), service.cacheBytes(), heldBytesEach);
    }

    /**
     * Evaluates the model once, without a service.
     *
     * @return {@code [nodeCount]}: the probability that the next token lies at or below each node
     * @throws io.bytelm.lm.ModelException if the model cannot be loaded
     */
    public double[] nodeProbabilities(TokenByteTrie trie, TokenContext context) {
        try (LanguageModel opened = DjlLanguageModel.open(engine(), trie.columnOrder())) {
            float[] columns = opened.nextTokenProbabilities(List.of(context))[0];
            return new SubtreeWeights(trie, columns).sums();
        }
    }

    /** How the engine runs it, and where it lies on this machine. */
    public DjlModelSettings engine() {
        return engineSettings.of(location());
    }
}
