package io.bytelm.service;

/** The service was closed while the request waited, or before it came. */
public class ServiceClosedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ServiceClosedException(String message) {
        super(message);
    }
}
