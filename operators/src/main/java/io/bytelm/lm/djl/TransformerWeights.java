package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.bytelm.lm.checkpoint.Architecture;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.RotaryEmbedding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of weights that {@link TransformerScript} takes. Global ones first: embedding; learned positions, or cosines
 * and sines of rotary ones; final norm; output layer. Then 12 a layer: norm, queries-keys-values, attention output, norm,
 * feed-forward in, feed-forward out, each a weight and a bias. A bias that the model does not have is zero. Columns of the
 * output layer come in the order that the caller wants its probabilities in, so that no step has to permute them.
 */
final class TransformerWeights {
    static final int FINAL_NORM = 3;
    static final int HEAD = 5;
    static final int FIRST_LAYER = 7;
    static final int LAYER_WEIGHTS = 12;

    private final ModelConfig config;
    private final TensorLoader loader;
    private final NDManager manager;
    private final List<NDArray> weights = new ArrayList<>();

    private TransformerWeights(ModelConfig config, TensorLoader loader, NDManager manager) {
        this.config = config;
        this.loader = loader;
        this.manager = manager;
    }

    /**
     * Loads all weights into {@code manager}.
     *
     * @param maxTokens the positions that will be asked for
     * @param columnOrder the token of each output column; null for the model's order
     */
    static List<NDArray> load(
            ModelConfig config, TensorLoader loader, NDManager manager, int maxTokens, int @Nullable [] columnOrder) {
        TransformerWeights weights = new TransformerWeights(config, loader, manager);
        if (config.architecture() == Architecture.GPT2) {
            weights.gpt2(columnOrder);
        } else {
            weights.llama(maxTokens, columnOrder);
        }
        return weights.weights;
    }

    private void llama(int maxTokens, int @Nullable [] columnOrder) {
        int hidden = config.hiddenSize();
        NDArray embedding = loader.matrix("model.embed_tokens.weight", config.vocabularySize(), hidden);
        weights.add(embedding);
        turns(maxTokens);
        add(loader.vector("model.norm.weight", hidden), zeros(hidden));
        head(embedding, config.tiedEmbeddings() ? null : "lm_head.weight", columnOrder);
        for (int layer = 0; layer < config.layers(); layer++) {
            llamaLayer("model.layers." + layer + ".");
        }
    }

    private void llamaLayer(String layer) {
        int hidden = config.hiddenSize();
        int queries = config.heads() * config.headDim();
        int keys = config.keyValueHeads() * config.headDim();
        int inner = config.feedForwardSize();
        String attention = layer + "self_attn.";
        add(loader.vector(layer + "input_layernorm.weight", hidden), zeros(hidden));
        linear(
                attention,
                List.of("q_proj", "k_proj", "v_proj"),
                new int[] {queries, keys, keys},
                hidden,
                config.queryKeyValueBias());
        linear(attention, List.of("o_proj"), new int[] {hidden}, queries, config.attentionOutputBias());
        add(loader.vector(layer + "post_attention_layernorm.weight", hidden), zeros(hidden));
        linear(
                layer + "mlp.",
                List.of("gate_proj", "up_proj"),
                new int[] {inner, inner},
                hidden,
                config.feedForwardBias());
        linear(layer + "mlp.", List.of("down_proj"), new int[] {hidden}, inner, config.feedForwardBias());
    }

    /** Several projections of the same input, side by side in one matrix. */
    private void linear(String prefix, List<String> names, int[] outputs, int inputs, boolean biased) {
        List<String> weightNames =
                names.stream().map(n -> prefix + n + ".weight").toList();
        List<String> biasNames = names.stream().map(n -> prefix + n + ".bias").toList();
        NDArray weight = layerWeight(loader.stackedMatrices(weightNames, outputs, inputs));
        int allOutputs = java.util.Arrays.stream(outputs).sum();
        add(weight, biased ? loader.concatenatedVectors(biasNames, outputs) : zeros(allOutputs));
    }

    private void gpt2(int @Nullable [] columnOrder) {
        int hidden = config.hiddenSize();
        String model = loader.contains("transformer.wte.weight") ? "transformer." : "";
        NDArray embedding = loader.matrix(model + "wte.weight", config.vocabularySize(), hidden);
        weights.add(embedding);
        weights.add(loader.matrix(model + "wpe.weight", config.maxPositions(), hidden));
        weights.add(zeros(1)); // rotary models' sines
        norm(model + "ln_f");
        head(embedding, config.tiedEmbeddings() ? null : "lm_head.weight", columnOrder);
        for (int i = 0; i < config.layers(); i++) {
            String layer = model + "h." + i + ".";
            norm(layer + "ln_1");
            convolution(layer + "attn.c_attn", hidden, 3 * hidden);
            convolution(layer + "attn.c_proj", hidden, hidden);
            norm(layer + "ln_2");
            convolution(layer + "mlp.c_fc", hidden, config.feedForwardSize());
            convolution(layer + "mlp.c_proj", config.feedForwardSize(), hidden);
        }
    }

    private void norm(String name) {
        add(loader.vector(name + ".weight", config.hiddenSize()), loader.vector(name + ".bias", config.hiddenSize()));
    }

    /** GPT-2's "Conv1D": a linear layer whose weight is stored transposed. */
    private void convolution(String name, int inputs, int outputs) {
        NDArray weight = layerWeight(loader.transposed(loader.matrix(name + ".weight", inputs, outputs)));
        add(weight, loader.vector(name + ".bias", outputs));
    }

    private NDArray layerWeight(NDArray plain) {
        NDArray rounded = loader.rounded(plain);
        NDArray packed = loader.packed(rounded);
        for (NDArray temporary : List.of(plain, rounded)) {
            if (temporary != packed) {
                temporary.close();
            }
        }
        return packed;
    }

    private void head(NDArray embedding, @Nullable String untied, int @Nullable [] columnOrder) {
        NDArray head = untied == null ? embedding : loader.matrix(untied, config.vocabularySize(), config.hiddenSize());
        NDArray ordered = columnOrder == null ? head : loader.selectRows(head, columnOrder);
        NDArray packed = loader.packed(ordered);
        add(packed, zeros(config.vocabularySize()));
        for (NDArray temporary : List.of(head, ordered)) {
            if (temporary != embedding && temporary != packed) {
                temporary.close();
            }
        }
    }

    /** Cosines and sines, {@code [maxTokens, headDim]} each; both halves of a head turn by the same angles. */
    private void turns(int maxTokens) {
        RotaryEmbedding rotary = java.util.Objects.requireNonNull(config.rotary());
        float[] frequencies = rotary.inverseFrequencies(config.headDim());
        int half = frequencies.length;
        float[] cosines = new float[maxTokens * 2 * half];
        float[] sines = new float[maxTokens * 2 * half];
        for (int position = 0; position < maxTokens; position++) {
            for (int i = 0; i < 2 * half; i++) {
                float angle = position * frequencies[i % half];
                cosines[position * 2 * half + i] = (float) Math.cos(angle);
                sines[position * 2 * half + i] = (float) Math.sin(angle);
            }
        }
        Shape shape = new Shape(maxTokens, 2L * half);
        add(manager.create(cosines, shape), manager.create(sines, shape));
    }

    private NDArray zeros(int size) {
        return manager.zeros(new Shape(size), DataType.FLOAT32);
    }

    private void add(NDArray weight, NDArray bias) {
        weights.add(weight);
        weights.add(bias);
    }
}
