package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.beam.Step;
import io.bytelm.canonical.Certified;

/**
 * An output as the model reads it, after a prompt that is given: how probable it is, and how it can go on. Special tokens
 * have no probability in it, and EOS tokens end it. Immutable.
 */
public sealed interface ReadText permits BeamText, TreeText, TextOfModels {
    /**
     * Between what log P (nats) of the output lies, and of EOS if that was read, as far as it is followed. Where that is
     * over all tokenizations, nobody knows what it is not above, and both ends are the same.
     */
    Certified logProb();

    /** The longest context, in tokens, that any number was computed from. */
    int longestContext();

    /** Whether there are tokens that end the sequence. */
    boolean hasEosTokens();

    /**
     * The ways to go on with what is allowed.
     *
     * @param output all bytes of the output, which have been read; not to be changed
     */
    Step<Ways> ways(AllowedSymbols allowed, byte[] output);

    /**
     * The text after more bytes, which nobody had a choice about; without any way to go on if they have no probability.
     *
     * @param output all bytes of the output; not to be changed
     * @param from how many of them have been read
     */
    Step<ReadText> following(byte[] output, int from);

    /**
     * The text after one of these bytes, as {@link #following}; those after it only save requests.
     *
     * @param at the place of the byte; those before it have been read
     */
    Step<ReadText> followingByte(byte[] output, int at);

    /** The same text, the bytes so far being given: its probability is 1, or 0 if it has none. */
    ReadText given();

    /** The same text without any way to go on: nothing follows, and its probability is 0. */
    ReadText died();

    /** The ways in which a text can go on with what is allowed. */
    sealed interface Ways permits BeamText.WaysOfBeam, TreeText.WaysOfTree, TextOfModels.WaysOfModels {
        /** The text that they go on from; it has kept the answers that were needed. */
        ReadText text();

        /** Log P (nats) of the bytes so far, of which the masses are a part. */
        double logBefore();

        /** The log masses (nats) of the allowed symbols, {@code [258]}; others have none. */
        double[] logMasses(AllowedSymbols allowed);

        /** The longest context, in tokens, that the text or one of the ways was read with. */
        int longestContext();

        /**
         * The text after an allowed byte and those that follow it without a choice.
         *
         * @param output all bytes of the output; not to be changed
         * @param at the place of the allowed byte
         */
        Step<ReadText> read(byte[] output, int at);

        /** The same after the allowed byte alone; those that follow it only save requests. */
        Step<ReadText> readByte(byte[] output, int at);

        /** The text after EOS, which is allowed. */
        ReadText readEos();
    }
}
