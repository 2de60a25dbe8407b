package io.bytelm.service.grpc;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How a client tells that it speaks to the right server, and shows who it is. All are paths of files, and read again when
 * those change.
 *
 * @param tls whether the connection is one that nobody can read
 * @param authority the certificates (PEM) one of which must have signed the server's; null for those that Java trusts
 * @param certificate the client's certificate (PEM); null if it needs none
 * @param key its private key (PEM, PKCS 8)
 * @param token what the server wants to be shown, a line of text; null if nothing
 */
public record ClientSecurity(
        boolean tls,
        @Nullable String authority,
        @Nullable String certificate,
        @Nullable String key,
        @Nullable String token)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Anyone can read along. */
    public static final ClientSecurity NONE = new ClientSecurity(false, null, null, null, null);

    /** @throws IllegalArgumentException if one is given without another that it needs */
    public ClientSecurity {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its private key are given together or not at all");
        }
        if (!tls && (authority != null || certificate != null)) {
            throw new IllegalArgumentException("certificates are for TLS");
        }
    }
}
