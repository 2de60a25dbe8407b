package io.bytelm.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.PackedLayers;
import io.bytelm.lm.djl.RandomCheckpoint;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
 * memory; beside it what no loading can do without: reading the file once, and packing matrices of the same shapes.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = "-Xmx6g")
public class LoadingBenchmark {
    private static final int HIDDEN = 896;
    private static final int INNER = 4864;
    private static final int KEYS = 128;
    private static final int LAYERS = 24;
    private static final int VOCABULARY = 151936;
    private static final int READ_BYTES = 8 << 20;

    private Path directory;
    private PackedLayers layers;

    @Setup
    public void write() throws IOException {
        directory = Files.createTempDirectory("loading");
        new RandomCheckpoint(config(), shapes()).write(directory, StoredType.BF16);
        List<long[]> packed = new ArrayList<>(List.of(new long[] {VOCABULARY, HIDDEN}));
        for (int layer = 0; layer < LAYERS; layer++) {
            packed.add(new long[] {HIDDEN + 2 * KEYS, HIDDEN});
            packed.add(new long[] {HIDDEN, HIDDEN});
            packed.add(new long[] {2 * INNER, HIDDEN});
            packed.add(new long[] {HIDDEN, INNER});
        }
        layers = new PackedLayers(packed);
    }

    @Benchmark
    public long load() {
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            return model.vocabularySize();
        }
    }

    @Benchmark
    public int pack() {
        return layers.pack();
    }

    @Benchmark
    public long readOnce() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(READ_BYTES);
        long bytes = 0;
        try (FileChannel channel = FileChannel.open(directory.resolve("model.safetensors"))) {
            for (int count = channel.read(buffer); count >= 0; count = channel.read(buffer.clear())) {
                bytes += count;
            }
        }
        return bytes;
    }

    @TearDown
    public void delete() throws IOException {
        layers.close();
        Files.delete(directory.resolve("config.json"));
        Files.delete(directory.resolve("model.safetensors"));
        Files.delete(directory);
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

    private static Map<String, long[]> shapes() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {VOCABULARY, HIDDEN});
        shapes.put("model.norm.weight", new long[] {HIDDEN});
        for (int layer = 0; layer < LAYERS; layer++) {
            String name = "model.layers." + layer + ".";
            shapes.put(name + "input_layernorm.weight", new long[] {HIDDEN});
            shapes.put(name + "post_attention_layernorm.weight", new long[] {HIDDEN});
            addProjection(shapes, name + "self_attn.q_proj", HIDDEN);
            addProjection(shapes, name + "self_attn.k_proj", KEYS);
            addProjection(shapes, name + "self_attn.v_proj", KEYS);
            shapes.put(name + "self_attn.o_proj.weight", new long[] {HIDDEN, HIDDEN});
            shapes.put(name + "mlp.gate_proj.weight", new long[] {INNER, HIDDEN});
            shapes.put(name + "mlp.up_proj.weight", new long[] {INNER, HIDDEN});
            shapes.put(name + "mlp.down_proj.weight", new long[] {HIDDEN, INNER});
        }
        return shapes;
    }

    private static void addProjection(Map<String, long[]> shapes, String name, int rows) {
        shapes.put(name + ".weight", new long[] {rows, HIDDEN});
        shapes.put(name + ".bias", new long[] {rows});
    }
}
