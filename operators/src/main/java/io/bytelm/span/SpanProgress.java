package io.bytelm.span;

import io.bytelm.span.Splitter.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a text has been split, as plain data: the span that has begun, and the last bytes of it, within which it may turn out
 * to have ended. Immutable.
 *
 * @param state of the splitter
 * @param index of the span that has begun
 * @param from how many bytes of the text lie before it
 * @param bytes how many of its bytes are decided
 * @param text the first of those
 * @param logLikelihoodBefore log P of the text before it (nats)
 * @param undecided the bytes after those; not to be changed
 * @param logLikelihoods {@code [undecided.length]}: log P of the text before each of them (nats); not to be changed
 * @param wordLogLikelihood as in {@link Span#wordLogLikelihood}, of the span that has begun
 */
public record SpanProgress(
        int state,
        long index,
        long from,
        long bytes,
        byte[] text,
        double logLikelihoodBefore,
        byte[] undecided,
        double[] logLikelihoods,
        @Nullable Double wordLogLikelihood) {
    /** Longer spans have only so much text. */
    public static final int MOST_TEXT_BYTES = 4096;

    private static final byte[] NO_BYTES = {};

    /** Before the first byte of a text. */
    public static final SpanProgress NONE = new SpanProgress(0, 0, 0, 0, NO_BYTES, 0, NO_BYTES, new double[0], null);

    /**
     * What came of a byte, or of the text's end.
     *
     * @param ended the spans that are known to have ended, in order
     */
    public record Advanced(SpanProgress progress, List<Span> ended) {}

    /** Whether the next byte is known to end a word, see {@link Splitter#endsWord}. */
    public boolean endsWord(Splitter splitter, int nextByte) {
        return splitter.endsWord(state, undecided, nextByte);
    }

    /** Whether the text's end, if it is here, ends a word. */
    public boolean endsWordAtEnd(Splitter splitter) {
        return splitter.endsWordAtEnd(state, undecided);
    }

    /**
     * The word ends here.
     *
     * @param logLikelihood log P of the text up to here
     * @param logEnd log P that white space follows, or the end of the text
     */
    public SpanProgress withWordEnd(double logLikelihood, double logEnd) {
        double word = logLikelihood - logLikelihoodBefore + logEnd;
        return new SpanProgress(state, index, from, bytes, text, logLikelihoodBefore, undecided, logLikelihoods, word);
    }

    /**
     * One byte further on.
     *
     * @param before log P of the text before the byte (nats)
     * @param after log P of the text with it
     */
    public Advanced advance(Splitter splitter, byte nextByte, double before, double after) {
        byte[] moreBytes = Arrays.copyOf(undecided, undecided.length + 1);
        moreBytes[undecided.length] = nextByte;
        double[] moreLogs = Arrays.copyOf(logLikelihoods, undecided.length + 1);
        moreLogs[undecided.length] = before;
        Split split = splitter.next(state, moreBytes);
        return new Splitting(this, moreBytes, moreLogs, after).at(split);
    }

    /**
     * The text ends here, and so does its last span, if it has bytes.
     *
     * @param logLikelihood log P of the text (nats)
     */
    public List<Span> end(Splitter splitter, double logLikelihood) {
        Splitting splitting = new Splitting(this, undecided, logLikelihoods, logLikelihood);
        Advanced last = splitting.at(splitter.atEnd(state, undecided));
        List<Span> spans = new ArrayList<>(last.ended);
        SpanProgress rest = last.progress;
        if (rest.bytes > 0) {
            spans.add(new Span(
                    rest.index,
                    rest.from,
                    rest.from + rest.bytes,
                    rest.text,
                    logLikelihood - rest.logLikelihoodBefore,
                    rest.wordLogLikelihood));
        }
        return spans;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpanProgress that
                && state == that.state
                && index == that.index
                && from == that.from
                && bytes == that.bytes
                && Arrays.equals(text, that.text)
                && Double.compare(logLikelihoodBefore, that.logLikelihoodBefore) == 0
                && Arrays.equals(undecided, that.undecided)
                && Arrays.equals(logLikelihoods, that.logLikelihoods)
                && Objects.equals(wordLogLikelihood, that.wordLogLikelihood);
    }

    @Override
    public int hashCode() {
        return Objects.hash(state, index, from, bytes, Arrays.hashCode(text), Arrays.hashCode(undecided));
    }
}
