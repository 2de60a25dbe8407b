package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be loaded says in one line which file, what was expected and what was found. */
class BadModelDirectoryTest {
    @TempDir
    Path directory;

    private ObjectNode config = new ObjectMapper().createObjectNode();
    private DjlModelSettings settings = DjlModelSettings.of(Path.of(""));

    @BeforeEach
    void writeGoodModel() throws IOException {
        config = (ObjectNode) new ObjectMapper()
                .readTree(Objects.requireNonNull(getClass().getResource("/random-models/llama3.json")))
                .get("config");
        new RandomCheckpoint(config).write(directory, StoredType.F32);
        settings = DjlModelSettings.of(directory);
    }

    @Test
    void aDirectoryWithoutConfig() throws IOException {
        Files.delete(directory.resolve("config.json"));
        assertRefused("config.json: no such file", "Hugging Face model directory");
    }

    @Test
    void aConfigThatIsNotJson() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"architectures\": [");
        assertRefused("config.json: cannot be read as JSON");
    }

    @Test
    void anUnknownArchitecture() throws IOException {
        config.putArray("architectures").add("MambaForCausalLM");
        writeConfig();
        assertRefused("config.json: unsupported architecture 'MambaForCausalLM'; supported are ", "LlamaForCausalLM");
    }

    @Test
    void anActivationThatIsNotComputed() throws IOException {
        config.put("hidden_act", "tanh");
        writeConfig();
        assertRefused("config.json: 'hidden_act' is 'tanh'; supported: silu, swish, gelu");
    }

    @Test
    void aRopeScalingThatIsNotComputed() throws IOException {
        config.putObject("rope_scaling").put("rope_type", "ntk");
        writeConfig();
        assertRefused(
                "config.json: 'rope_scaling.rope_type' is 'ntk'; supported: default, linear, dynamic, llama3, yarn");
    }

    @Test
    void aStretchWithoutItsFactor() throws IOException {
        config.putObject("rope_scaling").put("rope_type", "yarn");
        writeConfig();
        assertRefused("config.json: the key 'rope_scaling.factor' is missing");
    }

    @Test
    void aSizeThatIsLeftOutAndIsNotTransformersDefault() throws IOException {
        config.remove("num_hidden_layers");
        writeConfig();
        assertRefused(
                "the weights have no tensor 'model.layers.2.input_layernorm.weight'",
                "left out of config.json, and so transformers' default: 'num_hidden_layers' 32");
        config.putNull("num_hidden_layers");
        writeConfig();
        assertRefused("config.json: the key 'num_hidden_layers' is missing");
    }

    @Test
    void codeOfItsOwn() throws IOException {
        config.putArray("architectures").add("LlamaWithTricksForCausalLM");
        config.putObject("auto_map").put("AutoModelForCausalLM", "modeling_tricks.LlamaWithTricksForCausalLM");
        writeConfig();
        assertRefused(
                "unsupported architecture 'LlamaWithTricksForCausalLM', which brings code of its own ('auto_map')");
    }

    @Test
    void aValueThatIsNoNumber() throws IOException {
        config.put("hidden_size", "wide");
        writeConfig();
        assertRefused("config.json: 'hidden_size' is \"wide\", expected a positive whole number");
    }

    @Test
    void missingWeights() throws IOException {
        Files.delete(directory.resolve("model.safetensors"));
        assertRefused("model.safetensors: no such file");
    }

    @Test
    void aMissingShard() throws IOException {
        Files.delete(directory.resolve("model.safetensors"));
        new RandomCheckpoint(config).writeSharded(directory, StoredType.BF16);
        Files.delete(directory.resolve("model-00002-of-00002.safetensors"));
        assertRefused("model-00002-of-00002.safetensors: no such file");
    }

    @Test
    void truncatedWeights() throws IOException {
        long size = Files.size(directory.resolve("model.safetensors"));
        truncate(size - 1);
        assertRefused(
                "model.safetensors: truncated: expected at least " + size + " bytes, found " + (size - 1),
                "fetch the file again");
    }

    @Test
    void weightsTruncatedInTheHeader() throws IOException {
        truncate(100);
        assertRefused("model.safetensors: truncated", "found 100");
    }

    @Test
    void aFileThatIsNotSafetensors() throws IOException {
        Files.writeString(directory.resolve("model.safetensors"), "PK, an archive and no weights\n");
        assertRefused("model.safetensors: not a safetensors file");
    }

    @Test
    void aPointerOfGitLfs() throws IOException {
        Files.writeString(directory.resolve("model.safetensors"), "version https://git-lfs.github.com/spec/v1\n");
        assertRefused("model.safetensors: is a pointer of Git LFS, not the weights; run git lfs pull");
    }

    @Test
    void pickledWeightsAlone() throws IOException {
        Files.move(directory.resolve("model.safetensors"), directory.resolve("pytorch_model.bin"));
        assertRefused("pytorch_model.bin: pickled weights are not read; write them as safetensors");
    }

    @Test
    void aGgufFile() throws IOException {
        Path file = Files.createFile(directory.resolve("model-Q4_K_M.gguf"));
        settings = DjlModelSettings.of(file);
        assertRefused("model-Q4_K_M.gguf: is a file in the GGUF format, which is not read");
    }

    @Test
    void theRootOfACache() throws IOException {
        Path root = Files.createDirectory(directory.resolve("models--org--name"));
        Path snapshot = Files.createDirectories(root.resolve("snapshots/0a1b"));
        settings = DjlModelSettings.of(root);
        assertRefused("is a cache of snapshots; give one of them: " + snapshot);
    }

    @Test
    void anAdapterAlone() throws IOException {
        Files.delete(directory.resolve("config.json"));
        Files.writeString(directory.resolve("adapter_config.json"), "{\"base_model_name_or_path\": \"org/base\"}");
        assertRefused("is an adapter of org/base alone; give that model as --model, and this directory as --adapter");
    }

    @Test
    void weightsOfATypeThatIsNotRead() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("\"F32\"") + 2] = '6';
        bytes[text.indexOf("\"F32\"") + 3] = '4'; // the first tensor is F64 now
        Files.write(file, bytes);
        assertRefused("is of type F64; only F32, F16 and BF16 can be read");
    }

    @Test
    void anEmptyFile() throws IOException {
        truncate(0);
        assertRefused("model.safetensors: not a safetensors file: it has only 0 bytes");
    }

    @Test
    void aMissingTensor() throws IOException {
        config.put("num_hidden_layers", 3);
        writeConfig();
        assertRefused("the weights have no tensor 'model.layers.2.input_layernorm.weight'", "config.json");
    }

    @Test
    void aTensorOfAnotherShape() throws IOException {
        config.put("intermediate_size", 41);
        writeConfig();
        assertRefused("model.safetensors: tensor 'model.layers.0.mlp.gate_proj.weight': expected shape [41, 24] from"
                + " config.json, found [40, 24]");
    }

    @Test
    void aTensorThatLiesOutsideItsPlace() throws IOException {
        Path file = directory.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("\"shape\":[24]") + 9;
        bytes[at + 1] = '5'; // 25 elements in the place of 24
        Files.write(file, bytes);
        assertRefused("model.safetensors: tensor '", "F32[25]: its place [", "does not fit its shape");
    }

    @Test
    void aDeviceThatIsNone() {
        settings = settings.withDevice("tpu0");
        assertRefused("device 'tpu0': not a device; use cpu, gpu0, gpu1, ...");
    }

    @Test
    void aDeviceThatIsNotHere() {
        settings = settings.withDevice("gpu99");
        assertRefused("device 'gpu99': PyTorch sees ", "GPUs here; use cpu");
    }

    @Test
    void aContextThatIsTooLong() {
        settings = settings.withContext(65, 1);
        assertRefused("the longest context asked for is 65 tokens, but the model reads at most 64");
    }

    @Test
    void aTokenizerOfAnotherSize() {
        assertThatThrownBy(() ->
                        DjlLanguageModel.open(settings, IntStream.range(0, 60).toArray()))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("the tokenizer does not match the model: it has 60 token ids, the model 61");
    }

    @Test
    void aTokenThatTheModelDoesNotHaveIsRefusedAndHarmsNothing() {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            float[] before = model.nextTokenProbabilities(List.of(TokenContext.of(1, 2)))[0];
            assertThatThrownBy(() -> model.nextTokenProbabilities(List.of(TokenContext.of(1, 61, 3))))
                    .isInstanceOf(ModelException.class)
                    .hasMessage("token 61 is not one of the model's 61 token ids");
            float[] after = model.nextTokenProbabilities(List.of(TokenContext.of(1, 2)))[0];
            assertThat(after).containsExactly(before);
        }
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> DjlLanguageModel.open(settings).close())
                .isInstanceOf(ModelException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
    }

    private void writeConfig() throws IOException {
        Files.writeString(directory.resolve("config.json"), config.toString());
    }

    private void truncate(long bytes) throws IOException {
        try (RandomAccessFile file =
                new RandomAccessFile(directory.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(bytes);
        }
    }
}
