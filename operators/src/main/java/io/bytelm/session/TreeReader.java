package io.bytelm.session;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.candidate.CanonicalContinuation;
import io.bytelm.candidate.Continuation;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.canonical.ToldAhead;
import io.bytelm.canonical.TreeRestart;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.vocab.ByteCoverage;
import org.jspecify.annotations.Nullable;

/**
 * Reads over the canonical tokenizations alone.
 *
 * @param longestBefore the longest context (tokens) that the tree was computed from, if longer than those that it has
 * @param told what the service has said about bytes that are to come
 */
record TreeReader(CanonicalTree tree, int longestBefore, ToldAhead told) implements TextReader {
    /** A piece of a record rarely needs more at once. */
    private static final int MAX_REQUESTS = 512;

    TreeReader(CanonicalTree tree, int longestBefore) {
        this(tree, longestBefore, ToldAhead.NOTHING);
    }

    private TreeReader with(CanonicalTree next) {
        return new TreeReader(next, longestContext(), told);
    }

    @Override
    public Step<TextReader> advance(Lookahead known) {
        return told.advance(tree, known).map(this::with);
    }

    @Override
    public Step<TextReader> read(byte[] bytes, int from, int to) {
        return tree.readToEnd(bytes, from, to).map(this::with);
    }

    @Override
    public boolean readsAhead() {
        return true;
    }

    @Override
    public Step<TextReader> askingAhead(KnownStretch stretch) {
        return tree.toldAhead(stretch, MAX_REQUESTS).map(next -> new TreeReader(tree, longestBefore, next));
    }

    @Override
    public double logProb() {
        return tree.logProb().logLower();
    }

    @Override
    public @Nullable Double logProbUpper() {
        return tree.logProb().logUpper();
    }

    @Override
    public Step<Expected> predict(Lookahead known) {
        return told.predict(tree).map(next -> {
            TreeReader reader = with(next.tree());
            return new Expected(reader, next.next(), reader.longestContext());
        });
    }

    @Override
    public int longestContext() {
        return Math.max(longestBefore, tree.longestContext());
    }

    @Override
    public boolean hasEosTokens() {
        return tree.params().eosTokens().length > 0;
    }

    /**
     * Nothing is deferred in a prompt, so that it is certain what its text is a share of. EOS tokens stay those that its text
     * was cut by: where a job was restored with other defaults in the middle of it, the request names others by now.
     */
    @Override
    public TreeReader afterPrompt(OpenRequest request) {
        CanonicalTree prompted = tree.withMode(EosMode.WITH_EOS);
        CanonicalParams asked = request.canonical();
        return with(
                asked == null
                        ? prompted
                        : prompted.withParams(
                                new CanonicalParams(asked.defer(), tree.params().eosTokens())));
    }

    @Override
    public Step<Continuation> continuation() {
        return CanonicalContinuation.of(tree, longestBefore);
    }

    @Override
    public ByteCoverage tokens(ByteCoverage ofAll) {
        return tree.heads().rules().coverage();
    }

    /** What was told ahead was told of other bytes. */
    @Override
    public Step<ReadOn<TextReader>> readOn(int b, boolean isStuck, ByteCoverage ofAll) {
        return new TreeRestart(tree).read(b).map(on -> on.with(new TreeReader(on.reader(), longestContext())));
    }

    @Override
    public Step<TextReader> informed() {
        return tree.informed().map(this::with);
    }

    @Override
    public Reading stored() {
        return new Reading.Canonical(tree.saved(), longestContext());
    }
}
