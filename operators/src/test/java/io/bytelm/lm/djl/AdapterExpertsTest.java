package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.checkpoint.ModelSummary;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An adapter of experts, of what is shared beside them, and of routers: the model computes what one does into whose file the
 * products were added by hand.
 */
class AdapterExpertsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RANK = 3;
    private static final double ALPHA = 6;
    private static final List<String> MODULES = List.of(
            "mlp.experts.0.gate_proj",
            "mlp.experts.1.up_proj",
            "mlp.experts.2.down_proj",
            "mlp.shared_expert.down_proj",
            "mlp.shared_expert_gate",
            "mlp.gate");

    private final FamilyRecording recording = FamilyRecording.named("qwen2-moe");
    private final Map<String, long[]> halves = new LinkedHashMap<>();

    @TempDir
    Path top;

    @Test
    void everyMatrixOfALayerWithExpertsCanBeAdapted() throws IOException {
        Path base = written("base");
        Path merged = written("merged");
        Path adapter = Files.createDirectory(top.resolve("adapter"));
        for (String module : MODULES) {
            String name = "model.layers.0." + module;
            long[] shape = Safetensors.read(base.resolve("model.safetensors")).shape(name + ".weight");
            halves.put("base_model.model." + name + ".lora_A.weight", new long[] {RANK, shape[1]});
            halves.put("base_model.model." + name + ".lora_B.weight", new long[] {shape[0], RANK});
        }
        new RandomCheckpoint(adapterConfig(), halves).writeAdapter(adapter);
        addProducts(merged.resolve("model.safetensors"), adapter.resolve("adapter_model.safetensors"));

        assertThat(Objects.requireNonNull(ModelSummary.read(new ModelLocation(base, adapter))
                                .adapter())
                        .changed())
                .isEqualTo(MODULES.size());
        float[][] adapted = probabilities(DjlModelSettings.of(base).withAdapter(adapter));
        float[][] expected = probabilities(DjlModelSettings.of(merged));
        float[][] plain = probabilities(DjlModelSettings.of(base));
        assertThat(largestDifference(adapted, expected)).isLessThan(1e-5);
        assertThat(largestDifference(plain, expected)).isGreaterThan(1e-3);
    }

    private Path written(String name) throws IOException {
        Path directory = Files.createDirectory(top.resolve(name));
        recording.checkpoint(recording.config()).write(directory, StoredType.F32);
        return directory;
    }

    private static ObjectNode adapterConfig() {
        return JSON.createObjectNode()
                .put("peft_type", "LORA")
                .put("base_model_name_or_path", "org/base")
                .put("r", RANK)
                .put("lora_alpha", ALPHA);
    }

    private static void addProducts(Path model, Path adapter) throws IOException {
        Safetensors weights = Safetensors.read(model);
        Safetensors products = Safetensors.read(adapter);
        for (String module : MODULES) {
            String name = "model.layers.0." + module;
            String a = "base_model.model." + name + ".lora_A.weight";
            String b = "base_model.model." + name + ".lora_B.weight";
            long[] shape = weights.shape(name + ".weight");
            for (int row = 0; row < shape[0]; row++) {
                for (int column = 0; column < shape[1]; column++) {
                    double sum = 0;
                    for (int k = 0; k < RANK; k++) {
                        sum += (double) products.value(b, row, k) * products.value(a, k, column);
                    }
                    weights.add(name + ".weight", row, column, ALPHA / RANK * sum);
                }
            }
        }
        Files.write(model, weights.bytes().array());
    }

    private float[][] probabilities(DjlModelSettings settings) {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            return model.nextTokenProbabilities(recording.contexts());
        }
    }

    private static double largestDifference(float[][] first, float[][] second) {
        double largest = 0;
        for (int i = 0; i < first.length; i++) {
            for (int token = 0; token < first[i].length; token++) {
                largest = Math.max(largest, Math.abs(first[i][token] - second[i][token]));
            }
        }
        return largest;
    }

    /** A file of float32 matrices. */
    private record Safetensors(ByteBuffer bytes, JsonNode header) {
        static Safetensors read(Path file) throws IOException {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            String header = new String(bytes.array(), 8, (int) bytes.getLong(0), StandardCharsets.UTF_8);
            return new Safetensors(bytes, JSON.readTree(header));
        }

        long[] shape(String name) {
            return JSON.convertValue(header.get(name).get("shape"), long[].class);
        }

        float value(String name, int row, int column) {
            return bytes.getFloat(at(name, row, column));
        }

        void add(String name, int row, int column, double addend) {
            bytes.putFloat(at(name, row, column), (float) (value(name, row, column) + addend));
        }

        private int at(String name, int row, int column) {
            int data = 8 + (int) bytes.getLong(0);
            int first = header.get(name).get("data_offsets").get(0).asInt();
            return data + first + Float.BYTES * (row * (int) shape(name)[1] + column);
        }
    }
}
