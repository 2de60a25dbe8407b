package io.bytelm.lm.checkpoint;

import io.bytelm.lm.ModelException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a model, from the {@code config.json} of its Hugging Face directory.
 *
 * @param vocabularySize the rows of the embedding, padding rows included
 * @param maxPositions the longest context in tokens: positions that the model has, or its sliding window if that is less
 * @param normEpsilon added to the variance (LayerNorm) or mean square (RMSNorm)
 * @param rotary null for a model with learned positions
 * @param tiedEmbeddings the output layer is the embedding
 * @param queryKeyValueBias biases on the projections to queries, keys and values
 * @param attentionOutputBias a bias on attention's output projection
 * @param feedForwardBias biases in the feed-forward block
 */
public record ModelConfig(
        Architecture architecture,
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int feedForwardSize,
        int maxPositions,
        double normEpsilon,
        @Nullable RotaryEmbedding rotary,
        boolean tiedEmbeddings,
        boolean queryKeyValueBias,
        boolean attentionOutputBias,
        boolean feedForwardBias) {

    /**
     * Reads {@code config.json}.
     *
     * @throws ModelException if it is missing, unreadable, or describes a model that cannot be evaluated
     */
    public static ModelConfig read(Path modelDirectory) {
        ConfigFile config = ConfigFile.read(modelDirectory.resolve("config.json"));
        String className = config.json().path("architectures").path(0).asText("");
        Architecture architecture = Architecture.named(config, className);
        return architecture == Architecture.GPT2 ? gpt2(config) : llamaFamily(config, architecture);
    }

    private static ModelConfig llamaFamily(ConfigFile config, Architecture architecture) {
        config.require("hidden_act", "silu", "silu");
        config.require("partial_rotary_factor", "1.0", "1.0", "1");
        int hiddenSize = config.positiveInt("hidden_size");
        int heads = config.positiveInt("num_attention_heads");
        int keyValueHeads = config.positiveInt("num_key_value_heads", heads);
        boolean qwen2 = architecture == Architecture.QWEN2;
        boolean attentionBias = config.flag("attention_bias", false);
        int headDim = config.positiveInt("head_dim", hiddenSize / heads);
        if (heads % keyValueHeads != 0 || headDim % 2 != 0) {
            throw new ModelException(config.path() + ": " + heads + " heads of " + headDim + " dimensions cannot share "
                    + keyValueHeads + " key-value heads");
        }
        return new ModelConfig(
                architecture,
                config.positiveInt("vocab_size"),
                hiddenSize,
                config.positiveInt("num_hidden_layers"),
                heads,
                keyValueHeads,
                headDim,
                config.positiveInt("intermediate_size"),
                Math.min(config.positiveInt("max_position_embeddings"), slidingWindow(config, architecture)),
                config.positiveNumber("rms_norm_eps", 1e-6),
                RotaryEmbedding.read(config),
                config.flag("tie_word_embeddings", false),
                qwen2 || attentionBias,
                !qwen2 && attentionBias,
                config.flag("mlp_bias", false));
    }

    /** The forward pass attends to the whole context, which is the same as a sliding window only while that covers it. */
    private static int slidingWindow(ConfigFile config, Architecture architecture) {
        boolean slides = switch (architecture) {
            case MISTRAL -> true;
            case QWEN2 -> config.flag("use_sliding_window", false);
            default -> false;
        };
        return slides ? config.positiveInt("sliding_window", Integer.MAX_VALUE) : Integer.MAX_VALUE;
    }

    private static ModelConfig gpt2(ConfigFile config) {
        config.require("activation_function", "gelu_new", "gelu_new", "gelu_pytorch_tanh");
        config.require("scale_attn_weights", "true", "true");
        config.require("scale_attn_by_inverse_layer_idx", "false", "false");
        int hiddenSize = config.positiveInt("n_embd");
        int heads = config.positiveInt("n_head");
        if (hiddenSize % heads != 0) {
            throw new ModelException(
                    config.path() + ": 'n_embd' " + hiddenSize + " is not a multiple of 'n_head' " + heads);
        }
        return new ModelConfig(
                Architecture.GPT2,
                config.positiveInt("vocab_size"),
                hiddenSize,
                config.positiveInt("n_layer"),
                heads,
                heads,
                hiddenSize / heads,
                config.positiveInt("n_inner", 4 * hiddenSize),
                config.positiveInt("n_positions"),
                config.positiveNumber("layer_norm_epsilon", 1e-5),
                null,
                config.flag("tie_word_embeddings", true),
                true,
                true,
                true);
    }
}
