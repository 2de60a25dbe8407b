package io.bytelm.record;

import io.bytelm.beam.Beam;
import io.bytelm.canonical.SavedTree;
import io.bytelm.lm.TokenContext;
import java.util.List;

/** How a session reads its text, and how far it has come, as plain data. Immutable. */
public sealed interface Reading {
    /** The token contexts that it goes on from. */
    List<TokenContext> contexts();

    /** The longest context, in tokens, that any of its numbers was computed from. */
    int longestContext();

    /** The same on other contexts, as many as {@link #contexts} gives. */
    Reading withContexts(List<TokenContext> contexts);

    /** As {@link io.bytelm.beam.BeamParams#branchTokens}. */
    long branchTokens();

    /** How many of the last bytes are behind the tokens of the first of {@link #contexts}. */
    int openBytes();

    /** How many tokens all {@link #contexts} begin with, BOS included; it only grows while a text is read. */
    default int settledTokens() {
        return contexts().isEmpty() ? 0 : TokenContext.sharedLength(contexts());
    }

    /**
     * Over all tokenizations.
     *
     * @param beam the hypotheses after the last byte, not pruned
     */
    record All(Beam beam) implements Reading {
        @Override
        public List<TokenContext> contexts() {
            return beam.contexts();
        }

        @Override
        public int longestContext() {
            return beam.longestContext();
        }

        @Override
        public All withContexts(List<TokenContext> contexts) {
            return new All(beam.withContexts(contexts));
        }

        @Override
        public long branchTokens() {
            return beam.params().branchTokens();
        }

        @Override
        public int openBytes() {
            return beam.hypotheses().isEmpty() ? 0 : beam.hypotheses().get(0).partial().length;
        }
    }

    /** Over the canonical tokenizations alone. */
    record Canonical(SavedTree tree, int longestContext) implements Reading {
        /**
         * Some tokens off the text's own, for each of the ways that are open at the same time: 11 at most were seen in prose. In
         * a run of one character there are as many as tokens of such runs have bytes (130 of spaces with Llama 3's), each of a
         * token or two.
         */
        public static final long BRANCH_TOKENS = 32;

        @Override
        public List<TokenContext> contexts() {
            return tree.contexts();
        }

        @Override
        public Canonical withContexts(List<TokenContext> contexts) {
            return new Canonical(tree.withContexts(contexts), longestContext);
        }

        @Override
        public long branchTokens() {
            return BRANCH_TOKENS;
        }

        @Override
        public int openBytes() {
            return tree.openings().isEmpty() ? 0 : tree.openings().get(0).bytesBack();
        }
    }
}
