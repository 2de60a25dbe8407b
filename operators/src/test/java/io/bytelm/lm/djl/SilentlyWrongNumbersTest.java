package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What stands in a model's directory and changes its numbers is computed or refused by name. Sliding windows are in {@link
 * FamilyRecordingsTest}, adapters in {@link AdapterRecordingsTest}.
 */
class SilentlyWrongNumbersTest {
    private static final double NATS = 1e-4;

    private final FamilyRecording recording = FamilyRecording.named("llama-linear");
    private final ObjectNode config = recording.config();

    @TempDir
    Path directory;

    @Test
    void olderRopeSettingsThatContradictNewerOnesAreRefusedWithBothValues() throws IOException {
        config.putObject("rope_scaling").put("rope_type", "linear").put("factor", 2.0);
        assertRefused(
                "config.json: 'rope_parameters' is {\"factor\":4.0,\"rope_theta\":10000.0,\"rope_type\":\"linear\"}, but "
                        + "'rope_scaling' is {\"rope_type\":\"linear\",\"factor\":2.0}");
    }

    @Test
    void aRopeBaseThatIsGivenTwiceIsRefusedWithBothValues() throws IOException {
        config.put("rope_theta", 50_000.0);
        assertRefused("'rope_parameters.rope_theta' is 10000.0, but 'rope_theta' is 50000.0");
    }

    @Test
    void olderRopeSettingsThatSayTheSameAreNoContradiction() throws IOException {
        config.putObject("rope_scaling").put("type", "linear").put("factor", 4.0);
        config.put("rope_theta", 10_000);
        assertComputedAsRecorded();
    }

    @Test
    void anOutputLayerThatIsStoredIsUsedEvenIfTheConfigurationTiesIt() throws IOException {
        config.put("tie_word_embeddings", true);
        assertComputedAsRecorded();
    }

    @Test
    void quantizedWeightsAreRefusedByTheirMethod() throws IOException {
        config.putObject("quantization_config").put("quant_method", "gptq").put("bits", 4);
        assertRefused("config.json: 'quantization_config' says that the weights are quantized (method 'gptq')");
    }

    @Test
    void contextsThatAreReadInPartAreCounted() throws IOException {
        recording.checkpoint(config).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory).withContext(8, 4);
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            model.nextTokenProbabilities(List.of(TokenContext.of(1, 2, 3, 4, 5, 6, 7, 8), TokenContext.of(1, 2)));
            assertThat(model.truncatedContexts()).isZero();
            model.nextTokenProbabilities(List.of(TokenContext.of(1, 2, 3, 4, 5, 6, 7, 8, 9), TokenContext.of(1, 2)));
            assertThat(model.truncatedContexts()).isEqualTo(1);
        }
    }

    static List<String> names() {
        return FamilyRecording.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aKeyThatNobodyKnowsIsRefusedInEveryFamily(String name) throws IOException {
        FamilyRecording family = FamilyRecording.named(name);
        ObjectNode mutated = family.config();
        ObjectNode inner = mutated.has("text_config") ? (ObjectNode) mutated.get("text_config") : mutated;
        inner.put("attention_sharpness", 2);
        family.checkpoint(mutated).write(directory, StoredType.F32);
        assertThatThrownBy(() ->
                        DjlLanguageModel.open(DjlModelSettings.of(directory)).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("attention_sharpness' (2)");
    }

    @ParameterizedTest
    @MethodSource("names")
    void aTensorThatNobodyReadsIsRefusedInEveryFamily(String name) throws IOException {
        FamilyRecording family = FamilyRecording.named(name);
        family.checkpointWith(Map.of("model.layers.0.router.weight", new long[] {4, 4}))
                .write(directory, StoredType.F32);
        assertThatThrownBy(() ->
                        DjlLanguageModel.open(DjlModelSettings.of(directory)).close())
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("such as 'model.layers.0.router.weight'");
    }

    @Test
    void anUnknownKeyThatIsNullSaysNothing() throws IOException {
        config.putNull("attention_sharpness");
        assertComputedAsRecorded();
    }

    @Test
    void keysOfPublishedModelsAreKnown() throws IOException {
        config.put("rope_interleaved", false).put("is_llama_config", true).put("_name_or_path", "x");
        config.putObject("transformers.js_config").put("dtype", "q4");
        assertComputedAsRecorded();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "qwen2-no-layer-slides | {'use_mrope': false} | {'use_mrope': true}",
                "gemma2 | {'sliding_window_size': 32} | {'sliding_window_size': 31}",
                "gpt2-unscaled | {'n_special': 0, 'predict_special_tokens': true, 'output_past': true, '_num_labels': 1} |",
                "cohere2 | {'layer_switch': 4, 'rotary_pct': 1.0, 'use_parallel_block': true, 'use_parallel_embedding': true,"
                        + " 'position_embedding_type': 'rope_gptj', 'order_of_interleaved_layers': 'local_attn_first',"
                        + " 'use_embedding_sharing': true, 'use_gated_activation': true} | {'use_parallel_block': false}",
                "mixtral | {'router_jitter_noise': 0.1, 'router_aux_loss_coef': 0.02} | {'num_experts_per_tok': 6}",
                "qwen3-moe | {'num_experts': 6, 'max_window_layers': 4} | {'num_experts': 5}",
                "qwen2-moe | {'sliding_window': 32768, 'max_window_layers': 21} |"
                        + " {'layer_types': ['sliding_attention', 'full_attention', 'full_attention', 'full_attention']}",
                "gpt-oss-mxfp4 | {'experts_per_token': 4, 'initial_context_length': 4096, 'hidden_act': 'gelu'} |"
                        + " {'quantization_config': {'quant_method': 'mxfp4', 'bits': 4}}",
                "gpt-oss | {'quantization_config': null} | {'quantization_config': {'quant_method': 'fp8'}}",
                "qwen3-moe | {'quantization_config': null} | {'quantization_config': {'quant_method': 'mxfp4'}}",
                "bloom | {'n_embed': 32, 'num_attention_heads': 4, 'attention_softmax_in_fp32': true, 'offset_alibi': 100,"
                        + " 'bias_dropout_fusion': true, 'masked_softmax_fusion': true, 'skip_bias_add': true,"
                        + " 'skip_bias_add_qkv': false, 'n_inner': null, 'seq_length': 2048} | {'n_embed': 64}",
                "bloom | {'slow_but_exact': false} | {'slow_but_exact': true}",
                "mpt | {'init_config': {'name': 'kaiming_normal_'}, 'verbose': 0, 'norm_type': 'layernorm'} | {'no_bias': false}",
                "mpt | {'learned_pos_emb': false} | {'attn_config': {'alibi': false}}",
                "mpt | {'attn_config': {'alibi_bias_max': 8}} | {'attn_config': {'alibi_bias_max': 4}}",
                "mpt | {'attn_config': {'clip_qkv': null}} | {'attn_config': {'qk_ln': true}}",
                "exaone | {'num_hidden_layers': 4} | {'num_hidden_layers': 3}",
                "exaone | {'head_dim': null} | {'head_dim': 16}",
                "exaone-tied | {'num_key_value_heads': null} | {'tie_word_embeddings': null}",
                "internlm3 | {'hidden_dropout': 0.1} | {'num_key_value_heads': null}",
                "internlm3 | {'rope_scaling': {'type': 'dynamic', 'factor': 6.0}} | {'rope_scaling': {'rope_type': 'ntk'}}",
                "apertus | {'qk_norm': true, 'post_norm': false, 'mlp_bias': false, 'hidden_dropout': 0.0} | {'post_norm': true}",
                "gpt-bigcode | {'inference_runner': 0, 'max_batch_size': null, 'max_sequence_length': null, 'pad_key_length': true,"
                        + " 'pre_allocate_kv_cache': false, 'validate_runner_input': true} | {'activation_function': 'xielu'}",
                "hunyuan-alpha | {'use_qk_norm': true, 'use_cla': false, 'cla_share_factor': 2, 'norm_type': 'rms',"
                        + " 'attention_head_dim': 16} | {'use_cla': true}",
                "hunyuan | {'use_rotary_pos_emb': true} | {'attention_head_dim': 16}",
                "codegen | {'n_ctx': 1024, 'rotary': true, 'scale_attn_weights': true} | {'rotary_dim': 5}",
                "granite-hybrid-dense | {'normalization_function': 'rmsnorm', 'init_method': 'mup'} |"
                        + " {'normalization_function': 'layernorm'}",
                "granite-hybrid-moe | {'layer_types': ['attention', 'attention', 'attention', 'attention']} |"
                        + " {'layer_types': ['mamba', 'attention', 'attention', 'attention']}",
                "glm4-moe | {'num_nextn_predict_layers': 1} | {'topk_group': 2}",
                "dots1 | {'scoring_func': 'noaux_tc', 'moe_layer_freq': 1} | {'scoring_func': 'softmax'}",
                "phimoe-plain | {'input_jitter_noise': 0.01} | {'num_experts_per_tok': 3}",
                "ernie4-5-moe | {'moe_capacity': [64, 64, 64], 'moe_gate': 'topk', 'moe_use_aux_free': true,"
                        + " 'num_nextn_predict_layers': 1} | {'moe_gate': 'top2'}",
                "mpt | {'logit_scale': null} | {'logit_scale': 'inv_sqrt_d_model'}"
            })
    void keysOfPublishedModelsOfAFamilyAreKnownAndAnotherValueIsRefused(
            String name, String published, @Nullable String changed) throws IOException {
        FamilyRecording family = FamilyRecording.named(name);
        ObjectNode known = family.config();
        known.setAll(json(published));
        family.checkpoint(known).write(directory, StoredType.F32);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            assertThat(largestDifference(family, model)).isLessThan(NATS);
        }
        if (changed != null) {
            ObjectNode other = family.config();
            other.setAll(json(changed));
            family.checkpoint(other).write(directory, StoredType.F32);
            assertThatThrownBy(() -> DjlLanguageModel.open(DjlModelSettings.of(directory))
                            .close())
                    .isInstanceOf(ModelException.class)
                    .hasMessageContaining(json(changed).fieldNames().next());
        }
    }

    private static ObjectNode json(String text) throws IOException {
        return (ObjectNode) new ObjectMapper().readTree(text.replace('\'', '"'));
    }

    @Test
    void millionsOfPositionsCostNoTables() throws IOException {
        config.put("max_position_embeddings", 20_000_000);
        recording.checkpoint(config).write(directory, StoredType.F32);
        DjlModelSettings settings = DjlModelSettings.of(directory).withContext(1024, 512);
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            assertThat(largestDifference(model)).isLessThan(NATS);
        }
    }

    private void assertComputedAsRecorded() throws IOException {
        recording.checkpoint(config).write(directory, StoredType.F32);
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            assertThat(largestDifference(model)).isLessThan(NATS);
        }
    }

    private double largestDifference(DjlLanguageModel model) {
        return largestDifference(recording, model);
    }

    private static double largestDifference(FamilyRecording family, DjlLanguageModel model) {
        float[][] rows = model.nextTokenProbabilities(family.contexts());
        double worst = 0;
        for (int i = 0; i < rows.length; i++) {
            worst = Math.max(worst, BundledModelRecording.maxDifference(rows[i], family.logProbs()[i]));
        }
        return worst;
    }

    private void assertRefused(String... parts) throws IOException {
        recording.checkpoint(config).write(directory, StoredType.F32);
        assertThatThrownBy(() ->
                        DjlLanguageModel.open(DjlModelSettings.of(directory)).close())
                .isInstanceOf(ModelException.class)
                .message()
                .contains(parts)
                .doesNotContain("\n");
    }
}
