package io.bytelm.vocab;

/** Where a token's bytes come from. */
public enum TokenKind {
    /** A piece of text. */
    NORMAL,
    /** A special or added control token such as {@code <|endoftext|>}; its bytes are those of its name. */
    SPECIAL,
    /** SentencePiece's byte fallback {@code <0xNN>}: one raw byte. */
    BYTE,
    /** No bytes: a padding row of the model, or an empty string. */
    EMPTY
}
