package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.bytelm.lm.checkpoint.Alibi;
import io.bytelm.lm.checkpoint.DeltaNet;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredDeltaNet;
import io.bytelm.lm.checkpoint.StoredExperts;
import io.bytelm.lm.checkpoint.StoredLayer;
import io.bytelm.lm.checkpoint.StoredLinear;
import io.bytelm.lm.checkpoint.StoredModel;
import io.bytelm.lm.checkpoint.StoredNorm;
import io.bytelm.lm.checkpoint.StoredRows;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The list of weights that {@link TransformerScript} takes. Global ones first: embedding; learned positions, or frequencies
 * and amplitudes of rotary ones, {@code [rotaries, headDim]} each, or ALiBi's slopes, {@code [heads]}; final norm; output
 * layer, see {@link TokenMatrices}; norm of the embedding. Then 18 a layer: norm, queries-keys-values, attention output, norm, feed-forward in,
 * feed-forward out, norm of queries and of keys, norm after attention, norm after feed-forward, each a weight and a bias;
 * where heads have sinks, they are a 19th, {@code [heads]}, and where the activation has numbers of its own, they come last.
 * Then experts, as {@link ExpertsWeights} says, and delta nets, as {@link DeltaNetWeights} says. Where weights are
 * quantized, the steps of each of these entries follow, as {@link LinearWeights} says. A bias that the
 * model does not have is zero; a norm, and a feed-forward block, that it does not have is empty.
 */
final class TransformerWeights {
    static final int FINAL_NORM = 3;
    static final int HEAD = 5;
    static final int EMBEDDING_NORM = 7;
    static final int FIRST_LAYER = 9;

    /** But for sinks and activations. */
    static final int LAYER_WEIGHTS = 18;

    private final ModelConfig config;
    private final StoredModel stored;
    private final TensorLoader loader;
    private final NDManager manager;
    private final String prefix;
    private final LinearWeights linears;
    private final List<NDArray> weights = new ArrayList<>();

    private TransformerWeights(ModelConfig config, TensorLoader loader, LinearWeights linears, NDManager manager) {
        this.config = config;
        this.stored = config.weights();
        this.loader = loader;
        this.manager = manager;
        this.linears = linears;
        this.prefix = stored.prefix(loader.checkpoint()::contains);
    }

    /**
     * Loads all weights into {@code manager}.
     *
     * @param columnOrder the token of each output column; null for the model's order
     * @throws io.bytelm.lm.ModelException if a weight is missing, or one is left
     */
    static List<NDArray> load(
            ModelConfig config,
            TensorLoader loader,
            LinearWeights linears,
            NDManager manager,
            int @Nullable [] columnOrder) {
        TransformerWeights weights = new TransformerWeights(config, loader, linears, manager);
        weights.global(columnOrder);
        config.weights().layers().forEach(weights::layer);
        for (StoredLayer layer : config.weights().layers()) {
            StoredExperts experts = layer.experts();
            if (experts != null) {
                weights.experts(experts);
            }
        }
        for (StoredLayer layer : config.weights().layers()) {
            StoredDeltaNet deltaNet = layer.deltaNet();
            DeltaNet shape = config.attention().deltaNet();
            if (deltaNet != null && shape != null) {
                weights.deltaNet(deltaNet, shape);
            }
        }
        loader.checkpoint().refuseUnread(config.weights().ignored());
        weights.weights.addAll(weights.linears.steps(weights.weights));
        return weights.weights;
    }

    /** How many of the list a layer has. */
    static int layerWeights(ModelConfig config) {
        return LAYER_WEIGHTS + (config.hasSinks() ? 1 : 0) + (config.hasLearnedActivation() ? 1 : 0);
    }

    /** How many entries the list has before the steps. */
    static int count(ModelConfig config) {
        return countBeforeDeltaNets(config)
                + config.weights().layers().stream()
                        .mapToInt(DeltaNetWeights::count)
                        .sum();
    }

    static int countBeforeDeltaNets(ModelConfig config) {
        int experts = config.weights().layers().stream()
                .mapToInt(ExpertsWeights::count)
                .sum();
        return FIRST_LAYER + config.layers() * layerWeights(config) + experts;
    }

    private void global(int @Nullable [] columnOrder) {
        int hidden = config.hiddenSize();
        TokenMatrices matrices = TokenMatrices.load(config, loader, linears, columnOrder);
        weights.add(matrices.embedding());
        String positions = stored.positions();
        Alibi alibi = config.attention().alibi();
        if (positions != null) {
            int rows = stored.firstPosition() + config.maxPositions();
            add(loader.matrix(prefix + positions, rows, hidden), zeros(0));
        } else if (alibi != null) {
            add(PositionWeights.slopes(manager, alibi), zeros(0));
        } else {
            weights.addAll(PositionWeights.turns(manager, config.attention().rotaries(), config.headDim()));
        }
        norm(stored.finalNorm());
        NDArray outputBias = matrices.outputBias();
        add(matrices.outputLayer(), outputBias == null ? zeros(config.vocabularySize()) : outputBias);
        normIfAny(stored.embeddingNorm());
    }

    private void layer(StoredLayer layer) {
        norm(layer.attentionNorm());
        linear(layer.queriesKeysValues());
        linear(layer.attentionOutput());
        norm(layer.feedForwardNorm());
        linear(layer.feedForwardIn());
        linear(layer.feedForwardOut());
        queryKeyNorm(layer.queryKeyNorm());
        normIfAny(layer.afterAttentionNorm());
        normIfAny(layer.afterFeedForwardNorm());
        String sinks = layer.sinks();
        if (sinks != null) {
            weights.add(loader.vector(prefix + sinks, config.heads(), 0, 1));
        }
        if (config.hasLearnedActivation()) {
            weights.add(loader.vectors(prefixed(layer.activation()), ""));
        }
    }

    /** In the order of {@link ExpertsWeights}. */
    private void experts(StoredExperts experts) {
        StoredLinear router = experts.router().prefixed(prefix);
        add(loader.weight(router), gateOrCorrection(experts));
        if (experts.biased()) {
            add(loader.bias(router), zeros(0));
        } else {
            add(zeros(experts.in().get(0).outputs()), zeros(config.hiddenSize()));
        }
        for (int expert = 0; expert < experts.in().size(); expert++) {
            expert(experts.in().get(expert), experts.biased());
            expert(experts.out().get(expert), experts.biased());
        }
    }

    private NDArray gateOrCorrection(StoredExperts experts) {
        StoredRows correction = experts.correction();
        if (correction != null) {
            return loader.vectors(prefixed(List.of(correction)), "");
        }
        StoredLinear gate = experts.sharedGate().prefixed(prefix);
        return gate.parts().isEmpty() ? zeros(0) : loader.weight(gate);
    }

    /** In the order of {@link DeltaNetWeights}. */
    private void deltaNet(StoredDeltaNet deltaNet, DeltaNet shape) {
        weights.add(loader.flat(prefix + deltaNet.convolution(), shape.convolvedWidth(), 1, shape.kernel()));
        weights.add(loader.vector(prefix + deltaNet.decay(), shape.valueHeads(), 0, 1));
        weights.add(loader.vector(prefix + deltaNet.decayBias(), shape.valueHeads(), 0, 1));
        weights.add(loader.vector(prefix + deltaNet.norm(), shape.valueDim(), 0, 1));
        weights.add(loader.weight(deltaNet.rates().prefixed(prefix)));
    }

    private void expert(StoredLinear linear, boolean biased) {
        if (biased) {
            linear(linear);
        } else {
            weights.add(packed(linear, null));
        }
    }

    private void norm(StoredNorm norm) {
        int hidden = config.hiddenSize();
        if (norm.name().isEmpty()) {
            add(manager.ones(new Shape(hidden), DataType.FLOAT32), zeros(hidden));
            return;
        }
        String name = prefix + norm.name();
        add(
                loader.vector(name + ".weight", hidden, norm.added(), norm.factor()),
                norm.biased() ? loader.vector(name + ".bias", hidden, 0, norm.factor()) : zeros(hidden));
    }

    private void normIfAny(StoredNorm norm) {
        if (norm.name().isEmpty()) {
            add(zeros(0), zeros(0));
        } else {
            norm(norm);
        }
    }

    private void linear(StoredLinear linear) {
        if (linear.parts().isEmpty()) {
            add(zeros(0), zeros(0));
            return;
        }
        NDArray bias = linear.biased() ? loader.bias(linear.prefixed(prefix)) : null;
        add(packed(linear, bias), bias == null ? zeros(linear.outputs()) : bias);
    }

    private NDArray packed(StoredLinear linear, @Nullable NDArray bias) {
        if (linears.keepsPlain()) {
            return linears.layer(loader.weight(linear.prefixed(prefix)), bias);
        }
        try (NDArray plain = loader.passingWeight(linear.prefixed(prefix))) {
            return linears.layer(plain, bias, loader.isKnownToFitHalf());
        }
    }

    private void queryKeyNorm(List<StoredRows> norms) {
        List<StoredRows> parts = prefixed(norms);
        switch (config.attention().queryKeyNorm()) {
            case NONE -> add(zeros(0), zeros(0));
            case PER_HEAD, PER_TURNED_HEAD -> add(loader.vectors(parts, ".weight"), zeros(0));
            case WHOLE ->
                add(loader.vectors(parts.subList(0, 1), ".weight"), loader.vectors(parts.subList(1, 2), ".weight"));
        }
    }

    private List<StoredRows> prefixed(List<StoredRows> parts) {
        return parts.stream().map(part -> part.named(prefix + part.name())).toList();
    }

    private NDArray zeros(int size) {
        return manager.zeros(new Shape(size), DataType.FLOAT32);
    }

    private void add(NDArray weight, NDArray bias) {
        weights.add(weight);
        weights.add(bias);
    }
}
