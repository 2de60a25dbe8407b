package io.bytelm.session;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.candidate.Continuation;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.combine.CombinedText;
import io.bytelm.combine.ModelBeam;
import io.bytelm.combine.ModelText;
import io.bytelm.combine.ModelTree;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.vocab.ByteCoverage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several models read. A prompt is given, and counts for no log-probability.
 *
 * @param models as many as there are texts
 * @param longestBefore the longest context (tokens) that it was computed from, if longer than those that it has
 */
record CombinedReader(CombinedText text, List<CombinedReaders.Model> models, int longestBefore) implements TextReader {
    /** In the place of the longest context (tokens), longer than any: a model has read a shortened one. */
    static final int TRUNCATED = Integer.MAX_VALUE;

    private CombinedReader with(CombinedText next) {
        return new CombinedReader(next, models, longestContext());
    }

    @Override
    public Step<TextReader> begun() {
        return text.afterOwn(
                        models.stream().map(CombinedReaders.Model::dummyPrefix).toList())
                .map(this::with);
    }

    @Override
    public Step<TextReader> advance(Lookahead known) {
        return text.advance(known).map(this::with);
    }

    @Override
    public Step<Continuation> continuation() {
        return Step.done(new CombinedContinuation(this));
    }

    /** Of a prompt, the only bytes that are read at once. */
    @Override
    public Step<TextReader> read(byte[] bytes, int from, int to) {
        return text.readGiven(bytes, from, to).map(this::with);
    }

    @Override
    public boolean readsAhead() {
        return false;
    }

    @Override
    public Step<TextReader> askingAhead(KnownStretch stretch) {
        return Step.done(this);
    }

    @Override
    public double logProb() {
        return text.logProb();
    }

    @Override
    public @Nullable Double logProbUpper() {
        return null;
    }

    @Override
    public Step<Expected> predict(Lookahead known) {
        return text.predict(known).map(expected -> {
            CombinedReader reader = with(expected.text());
            int longest = Math.max(reader.longestContext(), longest(models, expected.longestContexts()));
            return new Expected(reader, expected.next(), longest);
        });
    }

    /** {@link #TRUNCATED} where a model has read a shortened one: its context may be shorter than another one's. */
    @Override
    public int longestContext() {
        List<Integer> each =
                text.texts().stream().map(ModelText::longestContext).toList();
        return Math.max(longestBefore, longest(models, each));
    }

    private static int longest(List<CombinedReaders.Model> models, List<Integer> tokens) {
        int longest = 0;
        for (int i = 0; i < tokens.size(); i++) {
            boolean isTruncated = tokens.get(i) > models.get(i).contextTokens();
            longest = Math.max(longest, isTruncated ? TRUNCATED : tokens.get(i));
        }
        return longest;
    }

    @Override
    public boolean hasEosTokens() {
        return text.texts().stream().anyMatch(ModelText::hasEosTokens);
    }

    @Override
    public CombinedReader afterPrompt(OpenRequest request) {
        return with(text.withEach(part -> part.withMode(EosMode.WITH_EOS)));
    }

    @Override
    public ByteCoverage tokens(ByteCoverage ofAll) {
        return ofAll;
    }

    /** Sessions of several models that would read on are refused; of one that did, the byte would be left out. */
    @Override
    public Step<ReadOn<TextReader>> readOn(int b, boolean isStuck, ByteCoverage ofAll) {
        return Step.done(new ReadOn<>(this, DeadEndKind.NO_WAY));
    }

    @Override
    public Step<TextReader> informed() {
        return Step.done(this);
    }

    @Override
    public Reading stored() {
        List<Reading> parts = each().stream().map(TextReader::stored).toList();
        return new Reading.Combined(parts, text.combination(), text.logProb(), longestContext());
    }

    /** As each model reads the text, in their order. */
    List<TextReader> each() {
        return text.texts().stream().map(CombinedReader::alone).toList();
    }

    private static TextReader alone(ModelText part) {
        return part instanceof ModelTree ofCanonical
                ? new TreeReader(ofCanonical.tree(), ofCanonical.longestBefore())
                : new BeamReader(((ModelBeam) part).beam());
    }
}
