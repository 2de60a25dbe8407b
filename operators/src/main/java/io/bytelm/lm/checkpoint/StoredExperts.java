package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Where the experts of one layer lie. One that all tokens share is the layer's feed-forward block.
 *
 * @param router {@code [experts, hidden]}
 * @param sharedGate {@code [1, hidden]}; empty where no expert is shared
 * @param in one for each expert; rows: the gate's first
 * @param out one for each expert
 */
public record StoredExperts(
        List<StoredRows> router, List<StoredRows> sharedGate, List<StoredLinear> in, List<StoredLinear> out) {
    /** Copies the lists. */
    public StoredExperts {
        router = List.copyOf(router);
        sharedGate = List.copyOf(sharedGate);
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    /** What the three matrices of an expert are called, after the expert's own name. */
    record Names(String gate, String up, String down) {
        static final Names USUAL = new Names("gate_proj", "up_proj", "down_proj");
    }

    /**
     * Experts that none is shared beside.
     *
     * @param name of the block: the router is its {@code gate}, and an expert its {@code experts.NUMBER}
     * @param inner the width of an expert
     */
    static StoredExperts of(String name, int hidden, int inner, int count, Names names) {
        return new StoredExperts(
                List.of(StoredRows.all(name + "gate", count)),
                List.of(),
                each(
                        count,
                        expert -> StoredLinear.of(
                                hidden,
                                false,
                                StoredRows.all(name + "experts." + expert + "." + names.gate(), inner),
                                StoredRows.all(name + "experts." + expert + "." + names.up(), inner))),
                each(
                        count,
                        expert -> StoredLinear.of(
                                inner,
                                false,
                                StoredRows.all(name + "experts." + expert + "." + names.down(), hidden))));
    }

    private static List<StoredLinear> each(int count, IntFunction<StoredLinear> expert) {
        return IntStream.range(0, count).mapToObj(expert).toList();
    }

    StoredExperts withSharedGate(String name) {
        return new StoredExperts(router, List.of(StoredRows.all(name, 1)), in, out);
    }
}
