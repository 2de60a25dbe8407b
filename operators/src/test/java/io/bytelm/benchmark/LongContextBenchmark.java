package io.bytelm.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.OpenedWithTrunks;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A pass of 32 new tokens through six layers of the shape of SmolLM2-135M, with random weights, each after a beginning of so
 * many tokens whose states are there. The rows are of so many texts: those of one text share its beginning, which was read
 * piece by piece beside the others, as beams do. With trunks, and without. Times are per pass.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class LongContextBenchmark {
    private static final int ROWS = 32;
    private static final int LAYERS = 6;
    private static final int VOCABULARY = 512;
    private static final int PIECE_TOKENS = 16;
    private static final long CACHE_BYTES = 1L << 30;

    /** Of each beginning. */
    @Param({"8", "256", "600", "1000"})
    private int tokens = 8;

    @Param({"32", "8"})
    private int texts = 32;

    @Param({"true", "false"})
    private boolean trunks = true;

    private RandomModel stored;
    private DjlLanguageModel model;
    private List<TokenContext> beginnings;
    private List<TokenContext> contexts;
    private int next;

    @Setup
    public void open() throws IOException {
        stored = RandomModel.write("long-contexts", new RandomCheckpoint(config()), StoredType.F32);
        model = OpenedWithTrunks.open(stored.settings().withCacheBytes(CACHE_BYTES), trunks);
        Random random = new Random(tokens);
        beginnings = new ArrayList<>();
        for (int text = 0; text < texts; text++) {
            beginnings.add(TokenContext.of(random.ints(tokens, 0, VOCABULARY).toArray()));
        }
    }

    @Setup(Level.Invocation)
    public void readBeginnings() {
        if (next % (VOCABULARY / ROWS) == 0) {
            model.forgetStates();
        }
        readPieceByPiece();
        contexts = new ArrayList<>();
        for (int row = 0; row < ROWS; row++) {
            int token = (next * ROWS + row) % VOCABULARY;
            contexts.add(beginnings.get(row % texts).plus(token));
        }
        next++;
    }

    /** Of each text some, and then of each some more; if they are known, that costs nothing. */
    private void readPieceByPiece() {
        List<TokenContext> read = beginnings;
        List<List<TokenContext>> shorter = new ArrayList<>();
        while (read.get(0).length() > PIECE_TOKENS) {
            shorter.add(0, read);
            read = read.stream().map(LongContextBenchmark::withoutLastPiece).toList();
        }
        shorter.add(0, read);
        shorter.forEach(model::prefetch);
    }

    private static TokenContext withoutLastPiece(TokenContext context) {
        TokenContext at = context;
        for (int i = 0; i < PIECE_TOKENS; i++) {
            at = Objects.requireNonNull(at.parent());
        }
        return at;
    }

    @Benchmark
    public List<TokenContext> pass() {
        model.prefetch(contexts);
        return contexts;
    }

    @TearDown
    public void close() {
        model.close();
        stored.close();
    }

    private static ObjectNode config() {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama").put("vocab_size", VOCABULARY).put("hidden_size", 576);
        config.put("num_hidden_layers", LAYERS).put("num_attention_heads", 9).put("num_key_value_heads", 3);
        config.put("head_dim", 64).put("intermediate_size", 1536).put("max_position_embeddings", 1024);
        config.put("rms_norm_eps", 1e-5).put("hidden_act", "silu").put("tie_word_embeddings", true);
        return config;
    }
}
