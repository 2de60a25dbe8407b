package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;

/** What one token id stands for. */
record Token(byte[] bytes, TokenKind kind) {
    static final Token EMPTY = new Token(new byte[0], TokenKind.EMPTY);

    /** The token of these bytes; {@link #EMPTY} if there are none. */
    static Token of(byte[] bytes, TokenKind kind) {
        return bytes.length == 0 ? EMPTY : new Token(bytes, kind);
    }

    /** A token that stands for its own name. */
    static Token named(String name, TokenKind kind) {
        return of(name.getBytes(UTF_8), kind);
    }
}
