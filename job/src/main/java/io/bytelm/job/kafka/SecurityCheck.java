package io.bytelm.job.kafka;

import io.bytelm.job.UserException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.common.utils.Utils;

/**
 * Compares how clients are to speak with what a broker's port speaks. Clients with the wrong idea of it only see that they
 * are disconnected.
 */
final class SecurityCheck {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String bootstrap;
    private final String protocol;

    SecurityCheck(String bootstrap, Map<String, String> clientProperties) {
        this.bootstrap = bootstrap;
        this.protocol = clientProperties
                .getOrDefault(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, SecurityProtocol.PLAINTEXT.name)
                .toUpperCase(Locale.ROOT);
    }

    private boolean isTls() {
        return protocol.endsWith("SSL");
    }

    private boolean hasLogin() {
        return protocol.startsWith("SASL");
    }

    /**
     * Asked before the first client that is not to speak TLS: it would reserve hundreds of MiB for what a TLS port answers.
     * Costs a question that every broker answers at once.
     *
     * @throws UserException if the port speaks TLS, but clients are not to
     */
    void requireNoTlsForPlainClients() {
        if (!isTls()) {
            for (ListenerProbe probe : probes()) {
                ListenerProbe.Speech speech = probe.speech();
                if (speech == ListenerProbe.Speech.TLS) {
                    throw new UserException(useTls(probe));
                }
                if (speech == ListenerProbe.Speech.PLAIN) {
                    return;
                }
            }
        }
    }

    /** What is wrong with how clients that got no answer are to speak; empty if that is not it. */
    Optional<String> complaint() {
        for (ListenerProbe probe : probes()) {
            ListenerProbe.Speech speech = probe.speech();
            if (speech == ListenerProbe.Speech.TLS && !isTls()) {
                return Optional.of(useTls(probe));
            }
            if (speech == ListenerProbe.Speech.PLAIN) {
                return isTls() ? Optional.of(useNoTls(probe)) : missingLogin(probe);
            }
        }
        return Optional.empty();
    }

    private String useTls(ListenerProbe probe) {
        return "the broker at " + probe.host() + ":" + probe.port() + " speaks TLS, but security.protocol is "
                + protocol
                + "; add --kafka security.protocol="
                + (hasLogin() ? "SASL_SSL" : "SSL (SASL_SSL if it asks for a login)")
                + ", and --kafka ssl.truststore.location=FILE if no public authority has signed its certificate";
    }

    private String useNoTls(ListenerProbe probe) {
        return "the broker at " + probe.host() + ":" + probe.port()
                + " does not speak TLS there, but security.protocol is "
                + protocol + "; use its TLS port, or --kafka security.protocol="
                + (hasLogin() ? "SASL_PLAINTEXT" : "PLAINTEXT");
    }

    private Optional<String> missingLogin(ListenerProbe probe) {
        List<String> mechanisms = hasLogin() ? List.of() : probe.saslMechanisms();
        return mechanisms.isEmpty()
                ? Optional.empty()
                : Optional.of("the broker at " + probe.host() + ":" + probe.port() + " asks for a login, but"
                        + " security.protocol is " + protocol
                        + "; add --kafka security.protocol=SASL_PLAINTEXT, --kafka"
                        + " sasl.mechanism=" + mechanisms.get(0)
                        + (mechanisms.size() > 1
                                ? " (or " + String.join(", ", mechanisms.subList(1, mechanisms.size())) + ")"
                                : "")
                        + " and --kafka sasl.jaas.config=...");
    }

    private List<ListenerProbe> probes() {
        return Arrays.stream(bootstrap.strip().split("\\s*,\\s*"))
                .filter(address -> Utils.getHost(address) != null && Utils.getPort(address) != null)
                .map(address -> new ListenerProbe(Utils.getHost(address), Utils.getPort(address), PATIENCE))
                .toList();
    }
}
