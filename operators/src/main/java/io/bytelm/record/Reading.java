package io.bytelm.record;

import io.bytelm.beam.Beam;
import io.bytelm.canonical.SavedTree;
import io.bytelm.combine.Combination;
import io.bytelm.lm.TokenContext;
import java.util.ArrayList;
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

    /** The contexts of each model that reads, in the models' order: of one, unless several do. */
    default List<List<TokenContext>> contextsByModel() {
        return List.of(contexts());
    }

    /** Whether it reads over canonical tokenizations. */
    default boolean isCanonical() {
        return false;
    }

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

        @Override
        public boolean isCanonical() {
            return true;
        }
    }

    /**
     * With several models.
     *
     * @param parts what each model has read, in the models' order
     * @param combination how they are combined
     * @param logProb of the bytes that count so far (nats)
     * @param longestContext {@link Integer#MAX_VALUE} where a model has read a shortened context
     */
    record Combined(List<Reading> parts, Combination combination, double logProb, int longestContext)
            implements Reading {
        /** @throws IllegalArgumentException if there are not as many parts as are combined */
        public Combined {
            parts = List.copyOf(parts);
            if (!combination.isOf(parts.size())) {
                throw new IllegalArgumentException(
                        "a session of " + parts.size() + " models cannot be combined as " + combination.described());
            }
        }

        @Override
        public List<TokenContext> contexts() {
            return parts.stream().flatMap(part -> part.contexts().stream()).toList();
        }

        @Override
        public Combined withContexts(List<TokenContext> contexts) {
            List<Reading> moved = new ArrayList<>();
            int from = 0;
            for (Reading part : parts) {
                int to = from + part.contexts().size();
                moved.add(part.withContexts(contexts.subList(from, to)));
                from = to;
            }
            return new Combined(moved, combination, logProb, longestContext);
        }

        /** Of the model that needs most. */
        @Override
        public long branchTokens() {
            return parts.stream().mapToLong(Reading::branchTokens).max().orElse(0);
        }

        @Override
        public List<List<TokenContext>> contextsByModel() {
            return parts.stream().map(Reading::contexts).toList();
        }

        @Override
        public int openBytes() {
            return 0;
        }

        /** None: each model has tokens of its own. */
        @Override
        public int settledTokens() {
            return 0;
        }

        @Override
        public boolean isCanonical() {
            return parts.stream().anyMatch(Reading::isCanonical);
        }
    }
}
