package io.bytelm.vocab;

import java.util.List;

/**
 * The bytes of every token id, {@code 0 .. size() - 1}. Several ids may have the same bytes, and an id may have none.
 * Immutable.
 */
public final class Vocabulary {
    private static final byte[] NO_BYTES = {};

    private final byte[][] tokens;
    private final TokenKind[] kinds;
    private final SpecialTokens specialTokens;
    private final byte[] dummyPrefix;
    private final int maxTokenBytes;
    private final TokenIndex index;
    private final ByteCoverage coverage;
    private final long fingerprint;

    /** As the constructor with {@link SpecialTokens}, for a model that names no EOS token. */
    public Vocabulary(List<byte[]> tokens, List<TokenKind> kinds, int bosToken, byte[] dummyPrefix) {
        this(tokens, kinds, new SpecialTokens(bosToken, List.of()), dummyPrefix);
    }

    /**
     * @param tokens the bytes of each token id; kept, so not to be changed afterwards
     * @param kinds one a token id
     * @param specialTokens the model's BOS and EOS tokens
     * @param dummyPrefix the bytes that the tokenizer puts before the first word of a text (SentencePiece's space), or
     *     none
     * @throws IllegalArgumentException if the two lists differ in length or a special token is not an id
     */
    public Vocabulary(List<byte[]> tokens, List<TokenKind> kinds, SpecialTokens specialTokens, byte[] dummyPrefix) {
        if (tokens.size() != kinds.size()) {
            throw new IllegalArgumentException(tokens.size() + " tokens but " + kinds.size() + " kinds");
        }
        requireId("BOS", specialTokens.bos(), tokens.size());
        specialTokens.eos().forEach(eos -> requireId("EOS", eos, tokens.size()));
        this.tokens = tokens.toArray(byte[][]::new);
        this.kinds = kinds.toArray(TokenKind[]::new);
        this.specialTokens = specialTokens;
        this.dummyPrefix = dummyPrefix.clone();
        this.maxTokenBytes = tokens.stream().mapToInt(t -> t.length).max().orElse(0);
        this.index = new TokenIndex(this.tokens);
        this.coverage = ByteCoverage.of(this.tokens);
        this.fingerprint = VocabularyFingerprint.of(this.tokens, this.kinds, specialTokens.bos());
    }

    private Vocabulary(Vocabulary other, byte[] dummyPrefix) {
        this.tokens = other.tokens;
        this.kinds = other.kinds;
        this.specialTokens = other.specialTokens;
        this.dummyPrefix = dummyPrefix;
        this.maxTokenBytes = other.maxTokenBytes;
        this.index = other.index;
        this.coverage = other.coverage;
        this.fingerprint = other.fingerprint;
    }

    private static void requireId(String role, int token, int size) {
        if (token < 0 || token >= size) {
            throw new IllegalArgumentException(
                    role + " token " + token + " is not an id of a vocabulary of " + size + " tokens");
        }
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

    /** The ids with just these bytes, special tokens among them, ascending; none if there is no such token. */
    public int[] idsOf(byte[] bytes) {
        return index.idsOf(bytes);
    }

    /** Which bytes the tokens can spell. */
    public ByteCoverage coverage() {
        return coverage;
    }

    /** The id that every context begins with. */
    public int bosToken() {
        return specialTokens.bos();
    }

    /** The ids with which the model ends a sequence, as its configuration lists them; empty if it names none. */
    public List<Integer> eosTokens() {
        return specialTokens.eos();
    }

    /**
     * What the tokenizer puts before the first word of a text: a space for many SentencePiece models, else nothing. Such
     * a model was trained on texts whose first word is {@code ▁Hello}, never {@code Hello}: a session that reads these
     * bytes before its first one has its first word scored as the model saw it in training.
     */
    public byte[] dummyPrefix() {
        return dummyPrefix.clone();
    }

    /** The same vocabulary without a dummy prefix: texts are scored as they come, as genlm-bytes does. */
    public Vocabulary withoutDummyPrefix() {
        return new Vocabulary(this, NO_BYTES);
    }

    /** The length of the longest token. */
    public int maxTokenBytes() {
        return maxTokenBytes;
    }

    /**
     * The same number for the same token bytes, kinds and BOS token, in every JVM: what tells a state that was made with
     * another model. The dummy prefix and the EOS tokens are a session's choice and do not count.
     */
    public long fingerprint() {
        return fingerprint;
    }
}
