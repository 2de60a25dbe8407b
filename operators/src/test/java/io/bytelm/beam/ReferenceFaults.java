package io.bytelm.beam;

import io.bytelm.dist.NextByteDistribution;
import java.util.stream.Stream;

/**
 * Where the reference divides nothing by nothing. A hypothesis without mass, standing at the end of a token, makes it
 * drop every extension of the beam from {@code logp_next}: the extension's NaN weight turns the running total into NaN,
 * and nothing is above a NaN threshold. Such a hypothesis comes from an EOS token whose bytes are read one by one; pruning
 * drops it, so only the distribution of a beam that is not pruned is concerned, and greedy decoding, which follows it.
 */
final class ReferenceFaults {
    private ReferenceFaults() {}

    static boolean losesExtensions(Beam beam) {
        return massless(beam).anyMatch(h -> h.knownMasses().expansion().endTokens()[h.partial().length].length > 0);
    }

    static Stream<Hypothesis> massless(Beam beam) {
        return beam.hypotheses().stream()
                .filter(h -> !h.terminated() && h.logWeight() == Double.NEGATIVE_INFINITY)
                .filter(h -> h.knownMasses().logMass(h.partial().length) == Double.NEGATIVE_INFINITY);
    }

    /** The distribution that is left then. */
    static NextByteDistribution withoutExtensions(Beam beam) {
        SymbolMixture mixture = new SymbolMixture();
        beam.hypotheses().forEach(mixture::addOpen);
        return mixture.normalized();
    }
}
