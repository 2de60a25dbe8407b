package io.bytelm.session;

import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ReadOn;
import io.bytelm.beam.Step;
import io.bytelm.candidate.Continuation;
import io.bytelm.canonical.KnownStretch;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.Reading;
import io.bytelm.vocab.ByteCoverage;
import org.jspecify.annotations.Nullable;

/**
 * A text as it is being read: {@link Reading}, and what the service has said about it. Immutable.
 */
sealed interface TextReader permits BeamReader, TreeReader, CombinedReader {
    /**
     * What comes next.
     *
     * @param reader the same one; it has kept the answers, so that going on from it asks for nothing twice
     * @param next the distribution over the next symbol, normalized
     * @param longestContext the longest context, in tokens, that the reader or the distribution was computed from
     */
    record Expected(TextReader reader, NextByteDistribution next, int longestContext) {}

    /** The same before the first byte of a prompt, after what tokenizers put before a text and {@link SessionOpening} does not. */
    default Step<TextReader> begun() {
        return Step.done(this);
    }

    /** Reads the first of the known bytes; those after it only save requests. */
    Step<TextReader> advance(Lookahead known);

    /** Reads the bytes from {@code from} up to {@code to}; for nothing is asked that their end does not need. */
    Step<TextReader> read(byte[] bytes, int from, int to);

    /** Whether {@link #read} asks for less than the same bytes one after the other. */
    boolean readsAhead();

    /** The same one, which has asked for what it needs to read known bytes one after the other, if it knows that before. */
    Step<TextReader> askingAhead(KnownStretch stretch);

    /**
     * The log probability (nats) of the bytes so far, or what it is not below; {@code -Infinity} if no way to read them is
     * left.
     */
    double logProb();

    /** What the log probability (nats) is not above; null if that is not known. */
    @Nullable
    Double logProbUpper();

    /** @param known the bytes known to come, which only save requests */
    Step<Expected> predict(Lookahead known);

    /** The longest context, in tokens, that any number was computed from. */
    int longestContext();

    /** Whether the session has tokens that end the sequence. */
    boolean hasEosTokens();

    /** The same at the end of the prompt: from here on EOS tokens end the sequence. */
    TextReader afterPrompt(OpenRequest request);

    /** The same for what may follow: its numbers are as exact as they can be, whatever was deferred. */
    Step<Continuation> continuation();

    /**
     * Which bytes the tokens have that it reads with.
     *
     * @param ofAll those of all tokens
     */
    ByteCoverage tokens(ByteCoverage ofAll);

    /**
     * Reads on where {@link #advance} has found no way to: with the byte or without it.
     *
     * @param b 0 to 255
     * @param isStuck whether the byte before was left out though tokens have it
     * @param ofAll which bytes all tokens have
     */
    Step<ReadOn<TextReader>> readOn(int b, boolean isStuck, ByteCoverage ofAll);

    /** The same, which can say {@link #logProb} though it was stored and has read nothing since. */
    Step<TextReader> informed();

    /** What of it is stored. */
    Reading stored();
}
