package io.bytelm.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.PackedLayers;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Loading a model of the shape of Qwen2.5-0.5B with random weights in bfloat16, 988 MB, from files that the system has in
 * memory; in turns with what no loading can do without: reading the file once, and packing matrices of the same shapes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 4)
@Measurement(iterations = 12)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
public class LoadingBenchmark {
    private static final int HIDDEN = 896;
    private static final int INNER = 4864;
    private static final int KEYS = 128;
    private static final int LAYERS = 24;
    private static final int VOCABULARY = 151936;
    private static final int READ_BYTES = 8 << 20;

    private RandomModel stored;
    private PackedLayers layers;

    @Setup
    public void write() throws IOException {
        stored = RandomModel.write("loading", new RandomCheckpoint(config(), shapes().all()), StoredType.BF16);
        List<long[]> packed = new ArrayList<>(List.of(new long[] {VOCABULARY, HIDDEN}));
        for (int layer = 0; layer < LAYERS; layer++) {
            packed.add(new long[] {HIDDEN + 2 * KEYS, HIDDEN});
            packed.add(new long[] {HIDDEN, HIDDEN});
            packed.add(new long[] {2 * INNER, HIDDEN});
            packed.add(new long[] {HIDDEN, INNER});
        }
        layers = new PackedLayers(packed);
    }

    /** Milliseconds of each, and how many times as long as reading and packing loading takes; the summary has the sums over all turns. */
    @AuxCounters(AuxCounters.Type.EVENTS)
    @State(Scope.Thread)
    public static class Turns {
        public double readMillis;
        public double packMillis;
        public double loadMillis;
        public double timesReadingAndPacking;
    }

    @Benchmark
    public long inTurns(Turns turns) throws IOException {
        long startNanos = System.nanoTime();
        long done = readOnce();
        turns.readMillis = millisSince(startNanos);
        startNanos = System.nanoTime();
        done += layers.pack();
        turns.packMillis = millisSince(startNanos);
        startNanos = System.nanoTime();
        done += load();
        turns.loadMillis = millisSince(startNanos);
        turns.timesReadingAndPacking = turns.loadMillis / (turns.readMillis + turns.packMillis);
        return done;
    }

    private static double millisSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e6;
    }

    private long load() {
        try (DjlLanguageModel model = DjlLanguageModel.open(stored.settings())) {
            return model.vocabularySize();
        }
    }

    private long readOnce() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(stored.weights())) {
            for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer.clear())) {
                bytes += count;
            }
        }
        return bytes;
    }

    @TearDown
    public void delete() {
        layers.close();
        stored.close();
    }

    private static ObjectNode config() {
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.putArray("architectures").add("Qwen2ForCausalLM");
        config.put("model_type", "qwen2").put("vocab_size", VOCABULARY).put("hidden_size", HIDDEN);
        config.put("num_hidden_layers", LAYERS).put("num_attention_heads", 14).put("num_key_value_heads", 2);
        config.put("intermediate_size", INNER)
                .put("max_position_embeddings", 32768)
                .put("tie_word_embeddings", true);
        return config;
    }

    private static DecoderShapes shapes() {
        DecoderShapes shapes = new DecoderShapes(VOCABULARY, HIDDEN);
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = DecoderShapes.layer(layer);
            shapes.addAttention(name, KEYS);
            shapes.add(name + "self_attn.q_proj.bias", HIDDEN);
            shapes.add(name + "self_attn.k_proj.bias", KEYS);
            shapes.add(name + "self_attn.v_proj.bias", KEYS);
            shapes.addFeedForward(name + "mlp.", INNER);
        }
        return shapes;
    }
}
