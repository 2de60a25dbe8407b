/**
 * The trie/LM service as a process of its own: server and client of {@code bytelm.v1.TrieLm}. Follow a request through the
 * files: {@link io.bytelm.service.grpc.RemoteTrieLmService} takes it, its {@code Endpoint} sends it along an
 * {@code EndpointStream}, the server's {@code ClientStream} asks the service behind it, and the answer comes back the same
 * way.
 */
@NullMarked
package io.bytelm.service.grpc;

import org.jspecify.annotations.NullMarked;
