package io.bytelm.service.grpc;

import java.time.Duration;

/**
 * How a {@link TrieLmServer} serves.
 *
 * @param listen where it listens; port 0 for one that is free
 * @param security who may use it
 * @param reflection whether it says what methods it has, for tools such as grpcurl
 * @param channelz whether it shows its connections, for debugging
 * @param drain how long it goes on to answer at its end
 */
public record ServerSettings(
        ServiceAddress listen, ServerSecurity security, boolean reflection, boolean channelz, Duration drain) {}
