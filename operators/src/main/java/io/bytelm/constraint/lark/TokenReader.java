package io.bytelm.constraint.lark;

import java.util.List;

/** Reads tokens one after the other. Used by one thread. */
final class TokenReader {
    private final List<Token> tokens;
    private final Places places;
    private int next;

    TokenReader(List<Token> tokens, Places places) {
        this.tokens = tokens;
        this.places = places;
    }

    Places places() {
        return places;
    }

    Token peek() {
        return tokens.get(next);
    }

    /** The token after the next one; the last one if there is none. */
    Token peekSecond() {
        return tokens.get(Math.min(next + 1, tokens.size() - 1));
    }

    Token read() {
        Token token = peek();
        next += token.kind() == Token.Kind.END ? 0 : 1;
        return token;
    }

    boolean peekIs(Token.Kind kind) {
        return peek().kind() == kind;
    }

    boolean eat(String sign) {
        boolean found = peek().is(sign);
        next += found ? 1 : 0;
        return found;
    }

    Token expect(Token.Kind kind, String what) {
        if (!peekIs(kind)) {
            throw unexpected(what);
        }
        return read();
    }

    void expect(String sign, String where) {
        if (!eat(sign)) {
            throw unexpected("\"" + sign + "\" " + where);
        }
    }

    void skipNewlines() {
        while (peekIs(Token.Kind.NEWLINE)) {
            read();
        }
    }

    /** Skips ends of lines before a bar, with which an alternative goes on in the next line. */
    void skipNewlinesBeforeBar() {
        if (peekIs(Token.Kind.NEWLINE) && peekSecond().is("|")) {
            read();
        }
    }

    RuntimeException unexpected(String expected) {
        Token found = peek();
        String shown = switch (found.kind()) {
            case NEWLINE -> "the end of the line";
            case END -> "the end of the grammar";
            default -> found.text().length() > 40 ? found.text().substring(0, 40) + "..." : found.text();
        };
        return places.syntax(found.at(), "it is " + shown + "; allowed is " + expected);
    }
}
