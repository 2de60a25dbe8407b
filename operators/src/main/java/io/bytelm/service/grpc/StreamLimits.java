package io.bytelm.service.grpc;

import io.bytelm.service.grpc.proto.Description;

/**
 * What a client may do on one stream; the fields of a {@link Description}.
 *
 * @param maxContexts the most handles that are remembered
 * @param maxInFlight the most calls that are unanswered
 * @param maxPathBytes the longest path
 * @param maxMessageBytes the longest message
 */
record StreamLimits(int maxContexts, int maxInFlight, int maxPathBytes, int maxMessageBytes) {
    static final StreamLimits DEFAULT = new StreamLimits(16_384, 8_192, 4_096, 4 << 20);

    /** Those of a server that says less than there is to say. */
    private static final StreamLimits UNSAID = new StreamLimits(0, 1_024, 4_096, 4 << 20);

    static StreamLimits of(Description description) {
        return new StreamLimits(
                Math.max(0, description.getMaxContexts()),
                said(description.getMaxInFlight(), UNSAID.maxInFlight),
                said(description.getMaxPathBytes(), UNSAID.maxPathBytes),
                said(description.getMaxMessageBytes(), UNSAID.maxMessageBytes));
    }

    private static int said(int value, int otherwise) {
        return value > 0 ? value : otherwise;
    }
}
