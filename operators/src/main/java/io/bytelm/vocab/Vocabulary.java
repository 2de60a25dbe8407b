package io.bytelm.vocab;

import java.util.List;

/**
 * The bytes of every token id, {@code 0 .. size() - 1}. Several ids may have the same bytes, and an id may have none.
 * Immutable.
 */
public final class Vocabulary {
    private final byte[][] tokens;
    private final TokenKind[] kinds;
    private final int bosToken;
    private final byte[] dummyPrefix;
    private final int maxTokenBytes;

    /**
     * @param tokens the bytes of each token id; kept, so not to be changed afterwards
     * @param kinds one a token id
     * @param bosToken the id that every context begins with
     * @param dummyPrefix the bytes that the tokenizer puts before the first word of a text (SentencePiece's space), or
     *     none
     * @throws IllegalArgumentException if the two lists differ in length or {@code bosToken} is not an id
     */
    public Vocabulary(List<byte[]> tokens, List<TokenKind> kinds, int bosToken, byte[] dummyPrefix) {
        if (tokens.size() != kinds.size()) {
            throw new IllegalArgumentException(tokens.size() + " tokens but " + kinds.size() + " kinds");
        }
        if (bosToken < 0 || bosToken >= tokens.size()) {
            throw new IllegalArgumentException(
                    "BOS token " + bosToken + " is not an id of a vocabulary of " + tokens.size() + " tokens");
        }
        this.tokens = tokens.toArray(byte[][]::new);
        this.kinds = kinds.toArray(TokenKind[]::new);
        this.bosToken = bosToken;
        this.dummyPrefix = dummyPrefix.clone();
        this.maxTokenBytes = tokens.stream().mapToInt(t -> t.length).max().orElse(0);
    }

    /** The number of token ids, padding rows included: the width of the model's output. */
    public int size() {
        return tokens.length;
    }

    /** The bytes of a token id; not to be changed. */
    public byte[] bytes(int token) {
        return tokens[token];
    }

    public TokenKind kind(int token) {
        return kinds[token];
    }

    /** The id that every context begins with. */
    public int bosToken() {
        return bosToken;
    }

    /** What the tokenizer puts before the first word of a text: a space for many SentencePiece models, else nothing. */
    public byte[] dummyPrefix() {
        return dummyPrefix.clone();
    }

    /** The length of the longest token. */
    public int maxTokenBytes() {
        return maxTokenBytes;
    }
}
