package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Qwen3-Next: {@link QwenHybrid} with experts as in Qwen2-MoE; the projections of a delta net are stored head of keys by head
 * of keys, in two matrices. Source: {@code modeling_qwen3_next.py}.
 */
final class Qwen3Next {
    private Qwen3Next() {}

    static ModelConfig describe(ConfigFile config) {
        Shape shape = Shape.read(config);
        int inner = config.positiveInt("moe_intermediate_size", 512);
        int sharedInner = config.positiveInt("shared_expert_intermediate_size", 512);
        ModelConfig model = QwenHybrid.model(
                "Qwen3Next", config, shape, false, Qwen3Next::inputs, List.of(QwenHybrid.SECOND_TOKEN));
        Experts experts =
                ExpertsConfig.read(config, 512, 10, config.flag("norm_topk_prob", true), Experts.Shared.GATED);
        return Qwen2Moe.withExperts(
                model,
                experts,
                sharedInner,
                ExpertsConfig.sparseLayers(config),
                name -> StoredExperts.of(name, shape.hiddenSize(), inner, experts.count(), StoredExperts.Names.USUAL));
    }

    private static QwenHybrid.Projections inputs(String name, int hidden, DeltaNet net) {
        int keys = net.keyDim();
        int sharers = net.valueHeads() / net.keyHeads();
        int values = sharers * net.valueDim();
        String wide = name + "in_proj_qkvz";
        String narrow = name + "in_proj_ba";
        return new QwenHybrid.Projections(
                StoredLinear.of(
                        hidden,
                        false,
                        part(wide, net, 2 * (keys + values), 0, keys),
                        part(wide, net, 2 * (keys + values), keys, keys),
                        part(wide, net, 2 * (keys + values), 2 * keys, values),
                        part(wide, net, 2 * (keys + values), 2 * keys + values, values)),
                StoredLinear.of(
                        hidden,
                        false,
                        part(narrow, net, 2 * sharers, 0, sharers),
                        part(narrow, net, 2 * sharers, sharers, sharers)));
    }

    /** Some of the rows that each head of keys has. */
    private static StoredRows part(String name, DeltaNet net, int rowsOfHead, int first, int count) {
        IntUnaryOperator firstRow = head -> head * rowsOfHead + first;
        return StoredRows.heads(
                name,
                net.keyHeads() * rowsOfHead,
                net.keyHeads(),
                firstRow,
                IntStream.range(0, count).toArray());
    }
}
