package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Hypothesis;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.TreeWay;
import io.bytelm.job.terminal.Tokenization.Shown;
import java.util.List;

/**
 * A text as far as it has been read, for people: how probable it is, and how it may have been tokenized.
 *
 * @param logProb between what its log probability lies (nats); over all tokenizations both ends are the beam's
 * @param ways the most probable first
 * @param isCertified whether the upper end is known
 */
record ReadSoFar(Certified logProb, List<Way> ways, boolean isCertified) {
    /**
     * One of its tokenizations.
     *
     * @param logWeight nats; of one that is deferred what it is not above
     */
    record Way(Shown tokens, double logWeight, boolean isDeferred) {}

    static ReadSoFar of(Beam beam) {
        List<Way> ways = beam.hypotheses().stream().map(ReadSoFar::way).toList();
        return new ReadSoFar(new Certified(beam.logZ(), beam.logZ()), ways, false);
    }

    private static Way way(Hypothesis h) {
        return new Way(new Shown(h.context(), h.partial(), h.terminated()), h.logWeight(), false);
    }

    static ReadSoFar of(CanonicalTree tree) {
        return new ReadSoFar(
                tree.logProb(), tree.ways().stream().map(ReadSoFar::way).toList(), true);
    }

    private static Way way(TreeWay way) {
        return new Way(new Shown(way.context(), way.open(), false), way.logWeight(), way.isDeferred());
    }

    /** What is known of the log probability from below. */
    double logLower() {
        return logProb.logLower();
    }

    /** Also where ways are left, none of which is possible: an EOS token was read as bytes, for instance. */
    boolean isDeadEnd() {
        return logLower() == Double.NEGATIVE_INFINITY;
    }

    double share(Way way) {
        return Math.exp(way.logWeight() - logLower());
    }

    /** A way's share in percent; of one that is deferred what it is not above. */
    String shownShare(Way way) {
        String percent = NextTable.percent(share(way));
        return way.isDeferred() ? "≤ " + percent : percent;
    }
}
