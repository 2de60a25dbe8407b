package io.bytelm.candidate;

import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.dist.Symbols;
import java.util.Arrays;

/** Over the canonical tokenizations alone, exactly: no context is deferred. */
public final class CanonicalContinuation implements Continuation {
    private final CanonicalTree tree;
    private final int longestBefore;

    private CanonicalContinuation(CanonicalTree tree, int longestBefore) {
        this.tree = tree;
        this.longestBefore = longestBefore;
    }

    /**
     * Of a tree of any settings.
     *
     * @param longestBefore the longest context (tokens) that the tree was computed from, if longer than those that it has
     */
    public static Step<Continuation> of(CanonicalTree tree, int longestBefore) {
        return tree.exact().map(exact -> new CanonicalContinuation(exact, longestBefore));
    }

    /** A tree takes bytes that it is told for certain; those after {@code to} are not, where candidates part. */
    @Override
    public Step<Continuation> read(byte[] bytes, int from, int to) {
        return tree.readToEnd(Arrays.copyOf(bytes, to), from, to).map(read -> new CanonicalContinuation(read, longestContext()));
    }

    @Override
    public double logProb() {
        return tree.logProb().logLower();
    }

    @Override
    public Step<TextEnd> end() {
        return tree.predict().map(next -> {
            int longest = Math.max(longestContext(), next.tree().longestContext());
            return new TextEnd(next.next().logProb(Symbols.EOS), longest);
        });
    }

    @Override
    public int width() {
        return 1;
    }

    @Override
    public int longestContext() {
        return Math.max(longestBefore, tree.longestContext());
    }
}
