package io.bytelm.lm.checkpoint;

import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where the experts of one layer lie. One that all tokens share is the layer's feed-forward block.
 *
 * @param router {@code [experts, hidden]}
 * @param sharedGate {@code [1, hidden]}; empty where no expert is shared
 * @param in one for each expert; rows: the gate's first; with biases where the router has them
 * @param out one for each expert, with biases where the router has them
 * @param correction {@code [experts]}, of {@link Routing#corrected}; null where there is none
 */
public record StoredExperts(
        StoredLinear router,
        StoredLinear sharedGate,
        List<StoredLinear> in,
        List<StoredLinear> out,
        @Nullable StoredRows correction) {
    /** Copies the lists. */
    public StoredExperts {
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
                StoredLinear.of(hidden, false, StoredRows.all(name + "gate", count)),
                StoredLinear.NONE,
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
                                inner, false, StoredRows.all(name + "experts." + expert + "." + names.down(), hidden))),
                null);
    }

    private static List<StoredLinear> each(int count, IntFunction<StoredLinear> expert) {
        return IntStream.range(0, count).mapToObj(expert).toList();
    }

    StoredExperts withSharedGate(String name) {
        StoredLinear gate = StoredLinear.of(router.inputs(), false, StoredRows.all(name, 1));
        return new StoredExperts(router, gate, in, out, correction);
    }

    StoredExperts withRouter(String name) {
        StoredLinear named = StoredLinear.of(router.inputs(), false, StoredRows.all(name, router.outputs()));
        return new StoredExperts(named, sharedGate, in, out, correction);
    }

    /** @param name of the whole tensor */
    StoredExperts withCorrection(String name) {
        return new StoredExperts(router, sharedGate, in, out, StoredRows.all(name, router.outputs()));
    }

    /** Whose outputs are multiplied by a factor. */
    StoredExperts times(double factor) {
        List<StoredLinear> multiplied =
                out.stream().map(linear -> linear.times(factor)).toList();
        return new StoredExperts(router, sharedGate, in, multiplied, correction);
    }

    /** Whether the router and each expert have biases. */
    public boolean biased() {
        return router.biased();
    }
}
