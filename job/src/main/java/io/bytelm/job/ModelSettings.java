package io.bytelm.job;

import io.bytelm.job.check.MemoryNeed;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.ModelMemory;
import io.bytelm.service.ServedModel;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * Which model, and how it is run. It travels with the job and opens the model where the job runs, once a JVM.
 *
 * @param directory a Hugging Face directory, which must be there on every machine that runs the job; null for the model
 *     that comes with the program
 * @param engineSettings how the engine runs it
 * @param service how requests are batched and rows remembered
 */
public record ModelSettings(@Nullable String directory, EngineSettings engineSettings, ServiceSettings service)
        implements ServiceSource {
    private static final long serialVersionUID = 1;

    /** Longer than the longest pause before a restart, see {@link FlinkSettings}. */
    private static final Duration LINGER = Duration.ofMinutes(1);

    /** Where the model lies on this machine. */
    public Path resolvedDirectory() {
        return directory == null ? BundledModel.directory() : Path.of(directory);
    }

    /** What to call the model in front of people. */
    public String name() {
        return directory == null ? "tiny-en" : String.valueOf(Path.of(directory).getFileName());
    }

    /** What the model's token ids stand for. */
    public Vocabulary vocabulary() {
        return VocabularyReader.fromModelDirectory(resolvedDirectory());
    }

    @Override
    public TrieLmService open() {
        return served().join(Duration.ZERO);
    }

    /**
     * The same model for a job of this environment. On a cluster it stays open for a minute when no job uses it any more:
     * a job that is restarted, or submitted again, finds it loaded and its caches warm.
     *
     * @throws UserException for a cluster, if the model is not readable on this machine
     */
    public ServiceSource on(StreamExecutionEnvironment env) {
        return env instanceof LocalStreamEnvironment ? this : new ClusterModel(this, LINGER, files().identity());
    }

    /**
     * What lies in the directory on this machine.
     *
     * @throws UserException if it is not a whole model
     */
    public ModelFiles files() {
        return ModelFiles.read(resolvedDirectory());
    }

    /**
     * What a job with this model needs of each TaskManager.
     *
     * @param heldBytesEach records and outputs that a subtask may hold (bytes)
     * @throws io.bytelm.lm.ModelException if the model is not readable on this machine
     */
    public MemoryNeed memoryNeed(long heldBytesEach) {
        ModelMemory memory = ModelMemory.of(engine());
        return new MemoryNeed(memory.weightBytes(), memory.stateBytes(), service.cacheBytes(), heldBytesEach);
    }

    ServedModel served() {
        return new ServedModel(engine(), service);
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
        return engineSettings.of(resolvedDirectory());
    }
}
