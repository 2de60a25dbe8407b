package io.bytelm.job.likelihood.document;

/** A line is no JSON object. The message says what stands where, in columns: characters from 1. */
final class JsonFault extends Exception {
    private static final long serialVersionUID = 1;

    JsonFault(String message) {
        super(message);
    }
}
