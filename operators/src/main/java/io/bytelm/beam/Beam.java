package io.bytelm.beam;

import io.bytelm.dist.NextByteDistribution;
import java.util.List;

/**
 * The hypotheses about how the bytes so far were tokenized, best first; their weights sum to (an estimate from below of)
 * the prefix probability of those bytes. Immutable: every operation returns another beam.
 *
 * <p>Vieira et al., "From Language Models over Tokens to Language Models over Characters", ICML 2025; the operations are
 * those of the reference's {@code ByteBeamState}.
 */
public record Beam(List<Hypothesis> hypotheses, BeamParams params, EosMode mode) {
    /** The beam before the first byte: one hypothesis, the context of {@code bosToken}, weight 0. */
    public static Beam initial(int bosToken, BeamParams params) {
        throw new IllegalStateException("to be written");
    }

    /** Log of the summed weights (nats): the estimate of log P(bytes so far); {@code -Infinity} when dead. */
    public double logZ() {
        throw new IllegalStateException("to be written");
    }

    /** True if no hypothesis is left: the model gives these bytes no probability that the beam still follows. */
    public boolean isDead() {
        return hypotheses.isEmpty();
    }

    /** Keeps the best K of those above the threshold. */
    public Beam prune() {
        throw new IllegalStateException("to be written");
    }

    /**
     * Reads {@code bytes[at]}; call {@link #prune} before. The bytes after it are known to come and only save requests.
     */
    public Step<Beam> advance(byte[] bytes, int at) {
        throw new IllegalStateException("to be written");
    }

    /** Reads {@link io.bytelm.dist.Symbols#EOS}. */
    public Step<Beam> advanceEos() {
        throw new IllegalStateException("to be written");
    }

    /** The distribution over the next symbol; all {@code -Infinity} if the beam is dead or has terminated. */
    public Step<NextByteDistribution> nextByte() {
        throw new IllegalStateException("to be written");
    }

    /** Prunes and reads byte after byte with EOS tokens as ordinary tokens, then turns to {@link EosMode#WITH_EOS}. */
    public Step<Beam> prefill(byte[] bytes) {
        throw new IllegalStateException("to be written");
    }
}
