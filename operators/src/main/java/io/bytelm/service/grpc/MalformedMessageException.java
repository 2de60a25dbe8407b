package io.bytelm.service.grpc;

/** What the other side sent cannot be what the protocol says. The message says what of it, in a few words. */
final class MalformedMessageException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedMessageException(String message) {
        super(message);
    }
}
