package io.bytelm.service.grpc;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * Where remote services are, all of the same model, and how they are reached.
 *
 * @param endpoints at least one
 * @param security the same for all
 * @param connectWithin how long the first attempt to reach them may take
 */
public record RemoteSettings(List<ServiceAddress> endpoints, ClientSecurity security, Duration connectWithin)
        implements Serializable {
    private static final long serialVersionUID = 1;
    private static final Duration USUALLY_WITHIN = Duration.ofSeconds(5);

    /** @throws IllegalArgumentException if there is no endpoint, or the token would be sent where others can read it */
    public RemoteSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("a remote service needs an address, as in 127.0.0.1:9095");
        }
        if (security.token() != null && !security.tls()) {
            for (ServiceAddress endpoint : endpoints) {
                if (!endpoint.isLoopback()) {
                    throw new IllegalArgumentException("a token is sent to another machine (" + endpoint
                            + ") over TLS only: without it anyone on the way can read it");
                }
            }
        }
    }

    /** Reached within five seconds. */
    public RemoteSettings(List<ServiceAddress> endpoints, ClientSecurity security) {
        this(endpoints, security, USUALLY_WITHIN);
    }
}
