package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.stream.Stream;

/** Checks that a checkpoint has the tensors that a description wants, in their shapes, and no others: by headers alone. */
final class RequiredTensors {
    private final ModelConfig config;
    private final StoredModel stored;
    private final Checkpoint checkpoint;
    private final String prefix;

    private RequiredTensors(ModelConfig config, Checkpoint checkpoint) {
        this.config = config;
        this.stored = config.weights();
        this.checkpoint = checkpoint;
        this.prefix = stored.prefix(checkpoint::contains);
    }

    /** @throws io.bytelm.lm.ModelException if the model could not be loaded from there */
    static void check(ModelConfig config, Checkpoint checkpoint) {
        RequiredTensors required = new RequiredTensors(config, checkpoint);
        required.global();
        config.weights().layers().forEach(required::layer);
        checkpoint.refuseUnread(config.weights().ignored());
    }

    private void global() {
        int hidden = config.hiddenSize();
        matrix(prefix + stored.embedding(), config.vocabularySize(), hidden);
        String positions = stored.positions();
        if (positions != null) {
            matrix(prefix + positions, stored.firstPosition() + config.maxPositions(), hidden);
        }
        norm(stored.finalNorm());
        norm(stored.embeddingNorm());
        String head = stored.head(checkpoint::contains);
        if (!config.tiedEmbeddings() || checkpoint.contains(head + ".weight")) {
            matrix(head + ".weight", config.vocabularySize(), hidden);
        }
        checkpoint.change(head + ".weight");
        if (stored.headBiased()) {
            checkpoint.require(head + ".bias", config.vocabularySize());
            checkpoint.change(head + ".bias");
        }
    }

    private void layer(StoredLayer layer) {
        Stream.of(
                        layer.attentionNorm(),
                        layer.feedForwardNorm(),
                        layer.afterAttentionNorm(),
                        layer.afterFeedForwardNorm())
                .forEach(this::norm);
        layer.linears().forEach(this::linear);
        StoredExperts experts = layer.experts();
        if (experts != null) {
            Stream.concat(experts.router().stream(), experts.sharedGate().stream())
                    .forEach(part -> matrix(prefix + part.name() + ".weight", part.stored(), config.hiddenSize()));
        }
        vectors(layer.queryKeyNorm(), ".weight");
    }

    private void norm(StoredNorm norm) {
        if (!norm.name().isEmpty()) {
            checkpoint.require(prefix + norm.name() + ".weight", config.hiddenSize());
            if (norm.biased()) {
                checkpoint.require(prefix + norm.name() + ".bias", config.hiddenSize());
            }
        }
    }

    private void linear(StoredLinear linear) {
        for (StoredRows part : linear.parts()) {
            String name = prefix + part.name() + ".weight";
            if (linear.transposed()) {
                matrix(name, linear.inputs(), part.stored());
            } else {
                matrix(name, part.stored(), linear.inputs());
            }
        }
        if (linear.biased()) {
            vectors(linear.parts(), ".bias");
        }
    }

    private void matrix(String name, long rows, long columns) {
        checkpoint.require(name, rows, columns);
        checkpoint.change(name);
    }

    private void vectors(List<StoredRows> parts, String suffix) {
        for (StoredRows part : parts) {
            checkpoint.requireValues(prefix + part.name() + suffix, part.stored());
            checkpoint.change(prefix + part.name() + suffix);
        }
    }
}
