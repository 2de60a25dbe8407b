package io.bytelm.lm.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * A small model whose weights come from a formula, in a Hugging Face directory: element {@code i} of a tensor is {@code
 * 0.6 * (mix((crc32(name) << 32) + i) >>> 40) * 2^-24 - 0.3}, where {@code mix} is splitmix64; norm weights are 1 more, and
 * {@code 8 * ... - 6} stands for it in those whose names end in {@code A_log}. Tensors whose names end in {@code _blocks} and {@code _scales} are bytes: {@code mix(...) >>> 56}, and {@code 121 +
 * (mix(...) >>> 62)}.
 */
public final class RandomCheckpoint {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ObjectNode config;
    private final Map<String, long[]> shapes;

    public RandomCheckpoint(ObjectNode config) {
        this.config = config;
        this.shapes = config.path("architectures").path(0).asText().equals("GPT2LMHeadModel")
                ? gpt2Shapes(config)
                : llamaShapes(config);
    }

    /** @param shapes of each tensor, by name */
    public RandomCheckpoint(ObjectNode config, Map<String, long[]> shapes) {
        this.config = config;
        this.shapes = new LinkedHashMap<>(shapes);
    }

    /** A Llama of one layer with one head, for tests of its matrices. */
    static RandomCheckpoint llama(int vocabulary, int hidden, boolean tied) {
        ObjectNode config = JSON.createObjectNode();
        config.putArray("architectures").add("LlamaForCausalLM");
        config.put("model_type", "llama").put("vocab_size", vocabulary).put("hidden_size", hidden);
        config.put("num_hidden_layers", 1).put("num_attention_heads", 1).put("num_key_value_heads", 1);
        config.put("head_dim", hidden).put("intermediate_size", hidden).put("max_position_embeddings", 32);
        config.put("rms_norm_eps", 1e-5).put("hidden_act", "silu").put("tie_word_embeddings", tied);
        return new RandomCheckpoint(config);
    }

    /** A model of {@code random-models/families}. */
    public static RandomCheckpoint recorded(JsonNode recording) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        recording
                .get("tensors")
                .properties()
                .forEach(entry -> shapes.put(entry.getKey(), JSON.convertValue(entry.getValue(), long[].class)));
        return new RandomCheckpoint(recording.get("config").deepCopy(), shapes);
    }

    ObjectNode config() {
        return config;
    }

    private long[] shape(String name) {
        return Objects.requireNonNull(shapes.get(name), name);
    }

    /** Float32 values of a tensor, row by row. */
    float[] values(String name) {
        long start = start(name);
        float[] values = new float[elements(name)];
        boolean norm = shape(name).length == 1 && name.endsWith("weight");
        for (int i = 0; i < values.length; i++) {
            double uniform = (mix(start + i) >>> 40) * 0x1p-24;
            values[i] = (float) (name.endsWith("A_log") ? 8 * uniform - 6 : 0.6 * uniform - 0.3 + (norm ? 1 : 0));
        }
        return values;
    }

    /** As {@link #values}, rounded as a file in this type rounds them; float32 and bfloat16. */
    float[] values(String name, StoredType type) {
        float[] values = values(name);
        for (int i = 0; i < values.length && type == StoredType.BF16; i++) {
            values[i] = Float.intBitsToFloat(Float.floatToRawIntBits(values[i]) & 0xFFFF0000);
        }
        return values;
    }

    private static long start(String name) {
        CRC32 crc = new CRC32();
        crc.update(name.getBytes(StandardCharsets.UTF_8));
        return crc.getValue() << 32;
    }

    private static boolean isOfBytes(String name) {
        return name.endsWith("_blocks") || name.endsWith("_scales");
    }

    private byte[] bytes(String name) {
        byte[] bytes = new byte[elements(name)];
        for (int i = 0; i < bytes.length; i++) {
            long mixed = mix(start(name) + i);
            bytes[i] = (byte) (name.endsWith("_blocks") ? mixed >>> 56 : 121 + (mixed >>> 62));
        }
        return bytes;
    }

    /** As one file. */
    public void write(Path directory, StoredType type) throws IOException {
        writeConfig(directory);
        writeSafetensors(directory.resolve("model.safetensors"), List.copyOf(shapes.keySet()), type, "");
    }

    /** As one file, with this prefix taken off the names that have it. */
    void writeWithoutPrefix(Path directory, StoredType type, String prefix) throws IOException {
        writeConfig(directory);
        writeSafetensors(directory.resolve("model.safetensors"), List.copyOf(shapes.keySet()), type, prefix);
    }

    /** As two files and an index. */
    void writeSharded(Path directory, StoredType type) throws IOException {
        writeConfig(directory);
        List<String> names = List.copyOf(shapes.keySet());
        ObjectNode index = JSON.createObjectNode();
        ObjectNode map = index.putObject("weight_map");
        for (int shard = 0; shard < 2; shard++) {
            String file = "model-0000" + (shard + 1) + "-of-00002.safetensors";
            List<String> part =
                    shard == 0 ? names.subList(0, names.size() / 2) : names.subList(names.size() / 2, names.size());
            part.forEach(name -> map.put(name, file));
            writeSafetensors(directory.resolve(file), part, type, "");
        }
        Files.writeString(directory.resolve("model.safetensors.index.json"), index.toString());
    }

    /** As an adapter in peft's format. */
    public void writeAdapter(Path directory) throws IOException {
        Files.writeString(directory.resolve("adapter_config.json"), config.toString());
        writeSafetensors(
                directory.resolve("adapter_model.safetensors"), List.copyOf(shapes.keySet()), StoredType.F32, "");
    }

    private void writeConfig(Path directory) throws IOException {
        Files.writeString(directory.resolve("config.json"), config.toString());
    }

    private void writeSafetensors(Path file, List<String> names, StoredType type, String prefix) throws IOException {
        ObjectNode header = JSON.createObjectNode();
        int at = 0;
        for (String name : names) {
            ObjectNode entry = header.putObject(name.startsWith(prefix) ? name.substring(prefix.length()) : name);
            entry.put("dtype", isOfBytes(name) ? "U8" : type.name());
            for (long dimension : shape(name)) {
                entry.withArray("shape").add(dimension);
            }
            int end = at + elements(name) * (isOfBytes(name) ? 1 : type.bytes());
            entry.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        byte[] head = header.toString().getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + head.length + at).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(head.length).put(head);
        for (String name : names) {
            if (isOfBytes(name)) {
                bytes.put(bytes(name));
            } else {
                put(bytes, values(name), type);
            }
        }
        Files.write(file, bytes.array());
    }

    private static void put(ByteBuffer bytes, float[] values, StoredType type) {
        for (float value : values) {
            switch (type) {
                case F32 -> bytes.putFloat(value);
                case BF16 -> bytes.putShort((short) (Float.floatToIntBits(value) >>> 16));
                case F16 -> bytes.putShort(toFloat16(value));
            }
        }
    }

    /** Truncates; the values here are neither subnormal nor large. */
    private static short toFloat16(float value) {
        int bits = Float.floatToIntBits(value);
        int exponent = (bits >>> 23 & 0xFF) - 127 + 15;
        int magnitude = exponent <= 0 ? 0 : exponent << 10 | bits >>> 13 & 0x3FF;
        return (short) (bits >>> 16 & 0x8000 | magnitude);
    }

    private int elements(String name) {
        int elements = 1;
        for (long dimension : shape(name)) {
            elements *= (int) dimension;
        }
        return elements;
    }

    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    private static Map<String, long[]> llamaShapes(ObjectNode config) {
        long hidden = config.path("hidden_size").asLong();
        long queries = config.path("num_attention_heads").asLong()
                * config.path("head_dim").asLong();
        long keys = config.path("num_key_value_heads").asLong()
                * config.path("head_dim").asLong();
        long inner = config.path("intermediate_size").asLong();
        long vocabulary = config.path("vocab_size").asLong();
        boolean qwen2 = config.path("model_type").asText().equals("qwen2");
        boolean bias = config.path("attention_bias").asBoolean();
        boolean mlpBias = config.path("mlp_bias").asBoolean();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("model.embed_tokens.weight", new long[] {vocabulary, hidden});
        shapes.put("model.norm.weight", new long[] {hidden});
        if (!config.path("tie_word_embeddings").asBoolean()) {
            shapes.put("lm_head.weight", new long[] {vocabulary, hidden});
        }
        for (int i = 0; i < config.path("num_hidden_layers").asInt(); i++) {
            String layer = "model.layers." + i + ".";
            shapes.put(layer + "input_layernorm.weight", new long[] {hidden});
            shapes.put(layer + "post_attention_layernorm.weight", new long[] {hidden});
            linear(shapes, layer + "self_attn.q_proj", queries, hidden, bias || qwen2);
            linear(shapes, layer + "self_attn.k_proj", keys, hidden, bias || qwen2);
            linear(shapes, layer + "self_attn.v_proj", keys, hidden, bias || qwen2);
            linear(shapes, layer + "self_attn.o_proj", hidden, queries, bias);
            linear(shapes, layer + "mlp.gate_proj", inner, hidden, mlpBias);
            linear(shapes, layer + "mlp.up_proj", inner, hidden, mlpBias);
            linear(shapes, layer + "mlp.down_proj", hidden, inner, mlpBias);
        }
        return shapes;
    }

    private static void linear(Map<String, long[]> shapes, String name, long outputs, long inputs, boolean bias) {
        shapes.put(name + ".weight", new long[] {outputs, inputs});
        if (bias) {
            shapes.put(name + ".bias", new long[] {outputs});
        }
    }

    private static Map<String, long[]> gpt2Shapes(ObjectNode config) {
        long hidden = config.path("n_embd").asLong();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(
                "transformer.wte.weight", new long[] {config.path("vocab_size").asLong(), hidden});
        shapes.put(
                "transformer.wpe.weight", new long[] {config.path("n_positions").asLong(), hidden});
        norm(shapes, "transformer.ln_f", hidden);
        for (int i = 0; i < config.path("n_layer").asInt(); i++) {
            String layer = "transformer.h." + i + ".";
            norm(shapes, layer + "ln_1", hidden);
            norm(shapes, layer + "ln_2", hidden);
            convolution(shapes, layer + "attn.c_attn", hidden, 3 * hidden);
            convolution(shapes, layer + "attn.c_proj", hidden, hidden);
            convolution(shapes, layer + "mlp.c_fc", hidden, 4 * hidden);
            convolution(shapes, layer + "mlp.c_proj", 4 * hidden, hidden);
        }
        return shapes;
    }

    private static void norm(Map<String, long[]> shapes, String name, long size) {
        shapes.put(name + ".weight", new long[] {size});
        shapes.put(name + ".bias", new long[] {size});
    }

    private static void convolution(Map<String, long[]> shapes, String name, long inputs, long outputs) {
        shapes.put(name + ".weight", new long[] {inputs, outputs});
        shapes.put(name + ".bias", new long[] {outputs});
    }
}
