package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.checkpoint.ModelSummary;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An adapter that does not fit, or is none that can be merged exactly, is refused in one line, before weights are read. */
class AdapterRefusalsTest {
    private static final String Q_PROJ = "base_model.model.model.layers.0.self_attn.q_proj.";

    private final FamilyRecording recording = FamilyRecording.named(FamilyRecording.ADAPTERS, "llama");
    private final ObjectNode config = recording.adapterConfig();

    @TempDir
    Path top;

    private Path model;
    private Path adapter;

    @BeforeEach
    void directories() throws IOException {
        model = Files.createDirectory(top.resolve("model"));
        adapter = Files.createDirectory(top.resolve("adapter"));
        recording.checkpoint(recording.config()).write(model, StoredType.F32);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'peft_type': 'IA3'}                        | 'peft_type' is 'IA3'; supported: LORA",
                "{'init_lora_weights': 'pissa_niter_4'}      | 'init_lora_weights' is 'pissa_niter_4', which changes the model's",
                "{'use_qalora': true}                        | 'use_qalora' is set, a variant of LoRA that is not supported; merge",
                "{'layer_replication': [[0, 2], [1, 2]]}     | 'layer_replication' is set",
                "{'target_parameters': ['mlp.experts.down']} | 'target_parameters' is set, a variant of LoRA that is not supported; merge",
                "{'use_something': 1}                        | without regard to 'use_something' (1)",
                "{'r': 5}                                    | has rank 4 and its other half 4, but adapter_config.json says 5",
                "{'use_dora': true}                          | has no lora_magnitude_vector beside it, but 'use_dora' is true",
                "{'rank_pattern': {'q_proj(': 3}}            | 'rank_pattern' has 'q_proj(', which is no regular expression",
                "{'alpha_pattern': {'q_proj': 'x'}}          | 'alpha_pattern' gives 'q_proj' \"x\", no positive number",
            })
    void ofItsConfiguration(String change, String complaint) throws IOException {
        config.setAll((ObjectNode) new ObjectMapper().readTree(change.replace('\'', '"')));
        recording.adapter(config).writeAdapter(adapter);
        assertRefused("adapter", complaint);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "lora_E.weight          | 3  | 32   | is of no kind that is known in a LoRA adapter",
                "lora_B.weight          | 48 | 3    | of shape [48, 3] does not fit the model's",
                "lora_B.weight          | 32 | 2    | has rank 2 and its other half 3",
                "lora_B.weight          | 0  | 0    | is one of a pair, lora_A and lora_B, without the other",
                "lora_A.weight          | 96 | none | has shape [96], not that of a matrix: it may be a part of one that",
                "lora_B.bias            | 32 | none | changes 'model.layers.0.self_attn.q_proj.bias', which this model does not",
                "weight                 | 16 | 32   | has shape [16, 32], but the model's",
                "lora_magnitude_vector  | 32 | none | has a lora_magnitude_vector beside it, but 'use_dora' is false",
            })
    void ofItsTensors(String end, long rows, @Nullable Long columns, String complaint) throws IOException {
        long[] shape = columns == null ? new long[] {rows} : new long[] {rows, columns};
        recording.adapterWith(config, Map.of(Q_PROJ + end, shape)).writeAdapter(adapter);
        assertRefused("adapter_model.safetensors: tensor '" + Q_PROJ, complaint);
    }

    @Test
    void ofAnotherModelNamesTheOneItWasTrainedOn() throws IOException {
        String name = "base_model.model.model.layers.7.mlp.up_proj.lora_A.weight";
        recording.adapterWith(config, Map.of(name, new long[] {2, 32})).writeAdapter(adapter);
        assertRefused(
                "tensor '" + name + "' changes 'model.layers.7.mlp.up_proj', which this model does not have",
                "; the adapter was trained on org/base: give that model");
    }

    @Test
    void withoutItsFiles() throws IOException {
        assertRefused("adapter_config.json: no such file; --adapter takes a directory in peft's format");
        Files.writeString(adapter.resolve("adapter_config.json"), config.toString());
        assertRefused("adapter_model.safetensors: no such file, though adapter_config.json lies there");
        Files.createFile(adapter.resolve("adapter_model.bin"));
        assertRefused("adapter_model.bin is not read: load the adapter with peft and save it again");
    }

    @Test
    void asTheSecondOne() throws IOException {
        recording.adapter(config).writeAdapter(adapter);
        recording.adapter(config).writeAdapter(model);
        assertRefused("cannot be merged, since an adapter lies in " + model + " already");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> ModelSummary.read(new ModelLocation(model, adapter)))
                .isInstanceOf(ModelException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
        assertThatThrownBy(
                        () -> DjlLanguageModel.open(DjlModelSettings.of(model).withAdapter(adapter))
                                .close())
                .isInstanceOf(ModelException.class)
                .message()
                .contains(parts);
    }
}
