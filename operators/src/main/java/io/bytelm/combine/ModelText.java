package io.bytelm.combine;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.dist.NextByteDistribution;

/** A text as one of several models reads it. Immutable. What it asks for it asks of the first model. */
public sealed interface ModelText permits ModelBeam, ModelTree {
    /**
     * What comes next.
     *
     * @param text the same one; it has kept the answers, so that going on from it asks for nothing twice
     * @param next the distribution over the next symbol, normalized; a dead end if nothing can follow
     * @param longestContext the longest context, in tokens, that any of this was computed from
     */
    record Expected(ModelText text, NextByteDistribution next, int longestContext) {}

    /** Reads the first of the known bytes; those after it only save requests. */
    Step<ModelText> advance(Lookahead known);

    /** Reads the bytes from {@code from} up to {@code to}. */
    Step<ModelText> read(byte[] bytes, int from, int to);

    /** @param known the bytes known to come, which only save requests */
    Step<Expected> predict(Lookahead known);

    /** The log probability (nats) of the bytes so far; {@code -Infinity} if no way to read them is left. */
    double logProb();

    /** Whether the model gives the bytes so far any probability. */
    default boolean isAlive() {
        return logProb() > Double.NEGATIVE_INFINITY;
    }

    /** The same shares, the bytes so far being given. */
    ModelText normalized();

    /** The same text, in which tokens that begin from here on are read in this mode. */
    ModelText withMode(EosMode mode);

    /** Whether it has tokens that end the sequence. */
    boolean hasEosTokens();

    /** The longest context, in tokens, that any number was computed from. */
    int longestContext();
}
