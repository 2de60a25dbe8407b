package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.dist.NextByteDistribution;

/** A text that a command reads and says of what comes next. Immutable. */
sealed interface PrefixReading {
    /** What comes next, and the reading that knows what was asked for it. */
    record Expected(PrefixReading reading, NextByteDistribution next, int longestContext) {}

    ReadSoFar read();

    /** Without the ways that are followed no further. */
    PrefixReading pruned();

    /** @param known the bytes known to come, which only save requests */
    Step<Expected> expected(Lookahead known);

    /** Reads the first of the known bytes. */
    Step<PrefixReading> advance(Lookahead known);

    /** The longest context, in tokens, that any number was computed from. */
    int longestContext();

    /** Over all tokenizations. */
    record OfBeam(Beam beam) implements PrefixReading {
        @Override
        public ReadSoFar read() {
            return ReadSoFar.of(beam);
        }

        @Override
        public OfBeam pruned() {
            return new OfBeam(beam.prune());
        }

        @Override
        public Step<Expected> expected(Lookahead known) {
            return beam.predict(known)
                    .map(found -> new Expected(new OfBeam(found.beam()), found.next(), found.longestContext()));
        }

        @Override
        public Step<PrefixReading> advance(Lookahead known) {
            return beam.advance(known).map(OfBeam::new);
        }

        @Override
        public int longestContext() {
            return beam.longestContext();
        }
    }

    /**
     * Over the canonical ones alone.
     *
     * @param longestBefore as {@link #longestContext}, of trees before this one
     */
    record OfTree(CanonicalTree tree, int longestBefore) implements PrefixReading {
        private OfTree with(CanonicalTree next) {
            return new OfTree(next, longestContext());
        }

        @Override
        public ReadSoFar read() {
            return ReadSoFar.of(tree);
        }

        @Override
        public OfTree pruned() {
            return this;
        }

        @Override
        public Step<Expected> expected(Lookahead known) {
            return tree.predict().map(found -> {
                OfTree reading = with(found.tree());
                return new Expected(reading, found.next(), reading.longestContext());
            });
        }

        @Override
        public Step<PrefixReading> advance(Lookahead known) {
            return tree.advance(known).map(this::with);
        }

        @Override
        public int longestContext() {
            return Math.max(longestBefore, tree.longestContext());
        }
    }
}
