package io.bytelm.service.grpc;

import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Certificates and keys as gRPC wants them, read again from their files each minute: a connection that is open stays open. */
final class TlsFiles {
    private static final long READ_AGAIN_AFTER_MINUTES = 1;

    private final ScheduledExecutorService timer;

    /** @param timer looks whether files have changed; whoever made it ends it */
    TlsFiles(ScheduledExecutorService timer) {
        this.timer = timer;
    }

    /** @throws IllegalArgumentException if a file is missing or is not what it should be; the message names it */
    ServerCredentials server(ServerSecurity security) {
        if (security.certificate() == null || security.key() == null) {
            return InsecureServerCredentials.create();
        }
        TlsServerCredentials.Builder credentials =
                TlsServerCredentials.newBuilder().keyManager(identity(security.certificate(), security.key()));
        if (security.clientAuthority() != null) {
            credentials
                    .trustManager(trust(
                            security.clientAuthority(),
                            AdvancedTlsX509TrustManager.Verification.CERTIFICATE_ONLY_VERIFICATION))
                    .clientAuth(TlsServerCredentials.ClientAuth.REQUIRE);
        }
        return credentials.build();
    }

    /** @throws IllegalArgumentException if a file is missing or is not what it should be; the message names it */
    ChannelCredentials client(ClientSecurity security) {
        if (!security.tls()) {
            return InsecureChannelCredentials.create();
        }
        TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder();
        if (security.authority() != null) {
            credentials.trustManager(trust(
                    Path.of(security.authority()),
                    AdvancedTlsX509TrustManager.Verification.CERTIFICATE_AND_HOST_NAME_VERIFICATION));
        }
        if (security.certificate() != null && security.key() != null) {
            credentials.keyManager(identity(Path.of(security.certificate()), Path.of(security.key())));
        }
        return credentials.build();
    }

    private AdvancedTlsX509KeyManager identity(Path certificate, Path key) {
        File certificateFile = readable("certificate", certificate);
        File keyFile = readable("private key", key);
        try {
            AdvancedTlsX509KeyManager identity = new AdvancedTlsX509KeyManager();
            // Its timer's task ends with the timer.
            var unused = identity.updateIdentityCredentials(
                    certificateFile, keyFile, READ_AGAIN_AFTER_MINUTES, TimeUnit.MINUTES, timer);
            return identity;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot use the certificate " + certificate + " with the private key " + key
                            + ": they must be PEM files, the key in PKCS 8" + why(e),
                    e);
        }
    }

    private AdvancedTlsX509TrustManager trust(Path authority, AdvancedTlsX509TrustManager.Verification verification) {
        File file = readable("certificates that are trusted", authority);
        try {
            AdvancedTlsX509TrustManager trust = AdvancedTlsX509TrustManager.newBuilder()
                    .setVerification(verification)
                    .build();
            var unused = trust.updateTrustCredentials(file, READ_AGAIN_AFTER_MINUTES, TimeUnit.MINUTES, timer);
            return trust;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "cannot use the certificates in " + authority + ": it must be a PEM file" + why(e), e);
        }
    }

    private static String why(@Nullable Exception e) {
        return e == null || e.getMessage() == null ? "" : " (" + e.getMessage() + ")";
    }

    private static File readable(String what, Path file) {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException("cannot read the " + what + ": " + file);
        }
        return file.toFile();
    }
}
