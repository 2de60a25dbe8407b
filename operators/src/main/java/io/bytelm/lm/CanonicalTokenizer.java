package io.bytelm.lm;

/**
 * Cuts text into tokens the way the texts were cut that a model learned from. That is one of many ways to read the bytes,
 * usually the likeliest, so it serves to guess what will be evaluated; it never decides a result. Safe for any thread.
 */
public interface CanonicalTokenizer extends AutoCloseable {
    /**
     * The token ids of a text, without BOS or any other token that the text does not contain.
     *
     * @param text UTF-8; what is not is read as the replacement character, so the tokens need not spell these bytes
     * @throws ModelException if the tokenizer fails
     */
    int[] tokens(byte[] text);

    @Override
    void close();
}
