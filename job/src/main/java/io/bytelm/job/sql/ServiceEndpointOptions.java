package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.service.grpc.ClientSecurity;
import io.bytelm.service.grpc.RemoteSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** Where services are that answer instead of a model in the TaskManagers, and how they are reached. */
final class ServiceEndpointOptions {
    static final ConfigOption<String> SERVICE = key("service")
            .stringType()
            .noDefaultValue()
            .withDescription("HOST:PORT[,HOST:PORT...] of what bytelm serve started, all of the same model.");

    private static final ConfigOption<Boolean> TLS = key("service-tls")
            .booleanType()
            .defaultValue(false)
            .withDescription("Connect with TLS; implied by the other options of certificates.");

    private static final ConfigOption<String> AUTHORITY = key("service-ca")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with certificates (PEM) one of which has signed the services'.");

    private static final ConfigOption<String> CERTIFICATE = key("service-cert")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with the certificate (PEM) that is shown to the services.");

    private static final ConfigOption<String> KEY = key("service-key")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with its private key (PEM, PKCS 8).");

    private static final ConfigOption<String> TOKEN = key("service-token")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with the token that the services want to be shown.");

    private static final Set<ConfigOption<?>> OF_THE_CONNECTION = Set.of(TLS, AUTHORITY, CERTIFICATE, KEY, TOKEN);

    static final Set<ConfigOption<?>> ALL = Set.of(SERVICE, TLS, AUTHORITY, CERTIFICATE, KEY, TOKEN);

    private ServiceEndpointOptions() {}

    /**
     * Null if a model is opened instead.
     *
     * @throws org.apache.flink.table.api.ValidationException if the options do not fit together
     */
    static @Nullable RemoteSettings read(GivenOptions given) {
        String addresses = given.orNull(SERVICE);
        if (addresses == null) {
            given.refuseAll(OF_THE_CONNECTION, "says how the services of 'service' are reached, which is missing");
            return null;
        }
        boolean isTls = given.get(TLS) || Stream.of(AUTHORITY, CERTIFICATE, KEY).anyMatch(given::has);
        try {
            return new RemoteSettings(
                    ServiceAddress.parseAll(addresses),
                    new ClientSecurity(
                            isTls,
                            given.orNull(AUTHORITY),
                            given.orNull(CERTIFICATE),
                            given.orNull(KEY),
                            given.orNull(TOKEN)));
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(SERVICE, "with its certificates and token: " + e.getMessage());
        }
    }
}
