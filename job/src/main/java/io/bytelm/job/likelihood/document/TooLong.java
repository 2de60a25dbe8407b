package io.bytelm.job.likelihood.document;

/** What is said of a document beyond the limit. */
final class TooLong {
    private TooLong() {}

    static String message(String what, long bytes, long limit) {
        return what + " has " + bytes + " bytes, more than the limit of " + limit
                + "; raise --max-document-bytes, or cut it";
    }

    static String messageOfUnknownLength(String what, long limit) {
        return what + " has more than the limit of " + limit + " bytes; raise --max-document-bytes, or cut it";
    }
}
