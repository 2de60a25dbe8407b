package io.bytelm.service.grpc;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Who may use a server, and how it shows who it is. All are files, and read again when they change.
 *
 * @param certificate the server's certificate and those above it (PEM); null for a connection that anyone can read
 * @param key its private key (PEM, PKCS 8)
 * @param clientAuthority the certificates (PEM) one of which must have signed a client's; null if clients need none
 * @param token what clients must show, a line of text; null if they need not
 */
public record ServerSecurity(
        @Nullable Path certificate,
        @Nullable Path key,
        @Nullable Path clientAuthority,
        @Nullable Path token) {
    /** Everybody may, and can read along. */
    public static final ServerSecurity NONE = new ServerSecurity(null, null, null, null);

    /** @throws IllegalArgumentException if one is given without another that it needs */
    public ServerSecurity {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its private key are given together or not at all");
        }
        if (clientAuthority != null && certificate == null) {
            throw new IllegalArgumentException("clients show certificates only to a server that has one of its own");
        }
    }
}
