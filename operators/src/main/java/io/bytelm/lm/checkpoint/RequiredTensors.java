package io.bytelm.lm.checkpoint;

import java.util.Arrays;
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
            linear(experts.router());
            linear(experts.sharedGate());
            StoredRows correction = experts.correction();
            vectors(correction == null ? List.of() : List.of(correction), "");
        }
        String sinks = layer.sinks();
        if (sinks != null) {
            checkpoint.require(prefix + sinks, config.heads());
            checkpoint.change(prefix + sinks);
        }
        StoredDeltaNet deltaNet = layer.deltaNet();
        DeltaNet net = config.attention().deltaNet();
        if (deltaNet != null && net != null) {
            matrix(prefix + deltaNet.convolution(), net.convolvedWidth(), 1, net.kernel());
            matrix(prefix + deltaNet.decay(), net.valueHeads());
            matrix(prefix + deltaNet.decayBias(), net.valueHeads());
            matrix(prefix + deltaNet.norm(), net.valueDim());
            linear(deltaNet.rates());
        }
        vectors(layer.queryKeyNorm(), ".weight");
        vectors(layer.activation(), "");
    }

    private void norm(StoredNorm norm) {
        if (!norm.name().isEmpty()) {
            checkpoint.require(prefix + norm.name() + ".weight", config.hiddenSize());
            if (norm.biased()) {
                checkpoint.require(prefix + norm.name() + ".bias", config.hiddenSize());
            }
        }
    }

    private void linear(StoredLinear stored) {
        StoredLinear linear = stored.prefixed(prefix);
        for (StoredRows part : linear.parts()) {
            matrix(linear.weightName(part), linear.weightShape(part));
            if (linear.biased()) {
                checkpoint.requireValues(linear.biasName(part), elements(linear.biasShape(part)));
                checkpoint.change(linear.biasName(part));
            }
        }
    }

    private static long elements(long... shape) {
        return Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    private void matrix(String name, long... shape) {
        checkpoint.require(name, shape);
        checkpoint.change(name);
    }

    private void vectors(List<StoredRows> parts, String suffix) {
        for (StoredRows part : parts) {
            checkpoint.requireValues(prefix + part.name() + suffix, part.stored());
            checkpoint.change(prefix + part.name() + suffix);
        }
    }
}
