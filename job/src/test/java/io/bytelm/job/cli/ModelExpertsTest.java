package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.checkpoint.ModelConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a model's experts. */
class ModelExpertsTest {
    private static final String SIZES = "'vocab_size': 64, 'hidden_size': 32, 'num_hidden_layers': 4,"
            + " 'num_attention_heads': 4, 'num_key_value_heads': 4, 'max_position_embeddings': 128";

    @TempDir
    Path directory;

    @Test
    void expertsInEveryLayer() throws IOException {
        ModelConfig config =
                config("'architectures': ['MixtralForCausalLM'], 'model_type': 'mixtral', 'intermediate_size': 48,"
                        + " 'num_local_experts': 8, 'num_experts_per_tok': 2");
        assertThat(Objects.requireNonNull(ModelExperts.of(config)).phrase())
                .isEqualTo("8 of feed-forward size 48 in every layer, of which a token uses 2");
        assertThat(ModelExperts.allLayersHave(config)).isTrue();
    }

    @Test
    void expertsInSomeLayersAndOneThatIsShared() throws IOException {
        ModelConfig config =
                config("'architectures': ['Qwen2MoeForCausalLM'], 'model_type': 'qwen2_moe', 'intermediate_size': 48,"
                        + " 'num_experts': 6, 'num_experts_per_tok': 3, 'moe_intermediate_size': 24,"
                        + " 'shared_expert_intermediate_size': 40, 'mlp_only_layers': [1]");
        assertThat(Objects.requireNonNull(ModelExperts.of(config)).phrase())
                .isEqualTo("6 of feed-forward size 24 in layers 0, 2-3, of which a token uses 3;"
                        + " and one of size 40 that all tokens share");
        assertThat(ModelExperts.allLayersHave(config)).isFalse();
    }

    @Test
    void noExperts() throws IOException {
        ModelConfig config =
                config("'architectures': ['LlamaForCausalLM'], 'model_type': 'llama', 'intermediate_size': 48");
        assertThat(ModelExperts.of(config)).isNull();
        assertThat(ModelExperts.allLayersHave(config)).isFalse();
    }

    private ModelConfig config(String family) throws IOException {
        String json = "{" + SIZES + ", " + family + "}";
        Files.writeString(directory.resolve("config.json"), json.replace('\'', '"'));
        return ModelConfig.read(directory);
    }
}
