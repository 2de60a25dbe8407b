package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.service.grpc.ClientSecurity;
import io.bytelm.service.grpc.RemoteSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where services are that answer instead of a model in this process. */
final class ServiceEndpoints {
    @Option(
            names = "--service",
            paramLabel = "HOST:PORT[,HOST:PORT...]",
            order = 115,
            description =
                    "Ask trie/LM services that bytelm serve started instead of opening a model: all of the same model;"
                            + " a session goes to one of them for as long as that is there. Once for each of several"
                            + " models that --combine combines.")
    private List<String> addresses = new ArrayList<>();

    @Option(
            names = "--service-tls",
            order = 116,
            description =
                    "Connect with TLS, to services whose certificates Java trusts; implied by the other options of"
                            + " certificates.")
    private boolean tls;

    @Option(
            names = "--service-ca",
            paramLabel = "FILE",
            order = 117,
            description = "Connect with TLS to services whose certificates one of these (PEM) has signed.")
    private @Nullable String authority;

    @Option(
            names = "--service-cert",
            paramLabel = "FILE",
            order = 118,
            description = "The certificate (PEM) that is shown to services that want one.")
    private @Nullable String certificate;

    @Option(names = "--service-key", paramLabel = "FILE", order = 119, description = "Its private key (PEM, PKCS 8).")
    private @Nullable String key;

    @Option(
            names = "--service-token",
            paramLabel = "FILE",
            order = 120,
            description = "A file with the token that the services want to be shown.")
    private @Nullable String token;

    /**
     * Null if a model is opened instead.
     *
     * @throws UserException if the options do not fit together, or services of several models are given
     */
    @Nullable
    RemoteSettings settings() {
        List<RemoteSettings> each = each();
        if (each.size() > 1) {
            throw new UserException("--service is given " + each.size()
                    + " times, once for each model, but this takes one model; services of the same one are separated by"
                    + " commas, and several models need --combine");
        }
        return each.isEmpty() ? null : each.get(0);
    }

    /**
     * The services of each model; none if models are opened instead.
     *
     * @throws UserException if the options do not fit together
     */
    List<RemoteSettings> each() {
        if (addresses.isEmpty() && (tls || authority != null || certificate != null || key != null || token != null)) {
            throw new UserException("--service-tls, --service-ca, --service-cert, --service-key and --service-token say"
                    + " how the services of --service are reached, which is missing");
        }
        return addresses.stream().map(this::of).toList();
    }

    private RemoteSettings of(String endpoints) {
        try {
            boolean isTls = tls || authority != null || certificate != null || key != null;
            return new RemoteSettings(
                    ServiceAddress.parseAll(endpoints), new ClientSecurity(isTls, authority, certificate, key, token));
        } catch (IllegalArgumentException e) {
            throw new UserException("--service: " + e.getMessage(), e);
        }
    }
}
