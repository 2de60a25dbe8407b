package io.bytelm.span;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A span of a text; all spans together are the text.
 *
 * @param index 0 for the first one of the text
 * @param from how many bytes of the text lie before it
 * @param to how many lie before its end
 * @param text its bytes, or the first {@link SpanProgress#MOST_TEXT_BYTES} of them; not to be changed
 * @param logLikelihood log P of all its bytes after all before them (nats)
 * @param wordLogLikelihood of a word to which the white space behind it belongs: log P (nats) of its bytes before that, and that
 *     white space or the end follows them; null where that is not known
 */
public record Span(
        long index,
        long from,
        long to,
        byte[] text,
        double logLikelihood,
        @Nullable Double wordLogLikelihood) {
    /** How many bytes it has. */
    public long bytes() {
        return to - from;
    }

    /** {@code -logLikelihood / ln 2}. */
    public double bits() {
        return -logLikelihood / Math.log(2) + 0.0; // adding 0 turns -0 into 0
    }

    /** Whether its text is only the beginning of it. */
    public boolean isCut() {
        return text.length < bytes();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Span that
                && index == that.index
                && from == that.from
                && to == that.to
                && Arrays.equals(text, that.text)
                && Double.compare(logLikelihood, that.logLikelihood) == 0
                && Objects.equals(wordLogLikelihood, that.wordLogLikelihood);
    }

    @Override
    public int hashCode() {
        return Objects.hash(index, from, to, Arrays.hashCode(text), logLikelihood);
    }
}
