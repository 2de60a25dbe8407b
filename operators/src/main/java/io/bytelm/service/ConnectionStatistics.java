package io.bytelm.service;

/**
 * What a client of remote services has done so far, for all who share it.
 *
 * @param endpoints that it knows
 * @param readyEndpoints how many of those answer now
 * @param calls that were sent, each as often as it was
 * @param answeredAhead requests that needed no call, for an earlier answer told theirs
 * @param unanswered that are on their way now
 * @param moved calls that were sent again elsewhere, because their endpoint had gone
 * @param resent calls whose context the endpoint no longer knew, and that were sent again in full
 * @param bytesSent in messages, without what HTTP/2 and TLS add
 * @param bytesReceived likewise
 */
public record ConnectionStatistics(
        int endpoints,
        int readyEndpoints,
        long calls,
        long answeredAhead,
        int unanswered,
        long moved,
        long resent,
        long bytesSent,
        long bytesReceived) {}
