package io.bytelm.vocab.cuts;

/** A pattern has something that cannot be followed byte by byte; the message names it. */
public final class UnknownPatternException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnknownPatternException(String message) {
        super(message);
    }
}
