package io.bytelm.service.grpc;

import java.util.Map;

/**
 * What a {@link TrieLmServer} has done so far.
 *
 * @param calls that came
 * @param answered how many of those were answered with masses
 * @param answerNanos how long those took from when they came (ns), summed
 * @param cancelled how many their clients wanted no more
 * @param refused how many were refused, by the reason's name in lower case
 * @param bytesReceived in messages of streams, without what HTTP/2 and TLS add
 * @param bytesSent likewise
 * @param streams that are open now, one a client
 */
public record ServerStatistics(
        long calls,
        long answered,
        long answerNanos,
        long cancelled,
        Map<String, Long> refused,
        long bytesReceived,
        long bytesSent,
        int streams) {
    public ServerStatistics {
        refused = Map.copyOf(refused);
    }
}
