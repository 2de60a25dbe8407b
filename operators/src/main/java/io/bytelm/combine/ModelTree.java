package io.bytelm.combine;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;

/**
 * Reads over the canonical tokenizations alone, of which none is deferred.
 *
 * @param longestBefore the longest context (tokens) that the tree was computed from, if longer than those that it has
 */
public record ModelTree(CanonicalTree tree, int longestBefore) implements ModelText {
    private ModelTree with(CanonicalTree next) {
        return new ModelTree(next, longestContext());
    }

    @Override
    public Step<ModelText> advance(Lookahead known) {
        return isAlive() ? tree.advance(known).map(this::with) : Step.done(this);
    }

    @Override
    public Step<ModelText> read(byte[] bytes, int from, int to) {
        return tree.readToEnd(bytes, from, to).map(this::with);
    }

    @Override
    public Step<Expected> predict(Lookahead known) {
        if (!isAlive()) {
            return Step.done(new Expected(this, nothing(), longestContext()));
        }
        return tree.predict().map(next -> {
            ModelTree text = with(next.tree());
            return new Expected(text, next.next(), text.longestContext());
        });
    }

    private static NextByteDistribution nothing() {
        double[] none = new double[Symbols.COUNT];
        Arrays.fill(none, Double.NEGATIVE_INFINITY);
        return NextByteDistribution.of(none);
    }

    @Override
    public double logProb() {
        return tree.logProb().logLower();
    }

    @Override
    public ModelTree normalized() {
        return with(tree.normalized());
    }

    @Override
    public ModelTree withMode(EosMode mode) {
        return with(tree.withMode(mode));
    }

    @Override
    public boolean hasEosTokens() {
        return tree.params().eosTokens().length > 0;
    }

    @Override
    public int longestContext() {
        return Math.max(longestBefore, tree.longestContext());
    }
}
