package io.bytelm.service.grpc;

import io.bytelm.lm.ModelIdentity;
import io.bytelm.service.TrieLmService;
import io.bytelm.service.grpc.proto.Description;
import java.util.Map;

/** What a server says of itself. */
final class WireDescription {
    /** Of {@code service.proto}. */
    static final int PROTOCOL = 1;

    /** Of a model that reads contexts of any length, a client need not send more at once. */
    private static final int MOST_CONTEXT_TOKENS = 1 << 20;

    private WireDescription() {}

    static Description of(TrieLmService service, ServerName name, StreamLimits limits) {
        Description.Builder description = Description.newBuilder()
                .setProtocol(PROTOCOL)
                .setVersion(name.version())
                .setModel(name.model())
                .putAllIdentity(service.identity().items())
                .setVocabularySize(service.vocabulary().size())
                .setContextTokens(maxContextTokens(service))
                .setMaxContexts(limits.maxContexts())
                .setMaxInFlight(limits.maxInFlight())
                .setMaxPathBytes(limits.maxPathBytes())
                .setMaxMessageBytes(limits.maxMessageBytes());
        if (service.keptTokens() < Long.MAX_VALUE) {
            description.setKeptTokens(service.keptTokens());
        }
        return description.build();
    }

    /** How many tokens of a context a client sends at most. */
    static int maxContextTokens(TrieLmService service) {
        return (int) Math.min(MOST_CONTEXT_TOKENS, service.contextTokens());
    }

    static ModelIdentity identity(Description description) {
        return new ModelIdentity(Map.copyOf(description.getIdentityMap()));
    }
}
