package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.FreePorts;
import io.bytelm.job.UserException;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker with three ports: plain, TLS, and plain with a login. */
class SecurityCheckIT {
    private static final String JAAS = "org.apache.kafka.common.security.plain.PlainLoginModule required";

    @TempDir
    private static Path directory;

    private static EmbeddedKafka broker;
    private static TestKeys keys;
    private static String tls;
    private static String login;

    @BeforeAll
    static void startBroker() throws Exception {
        keys = TestKeys.create(directory);
        int plainPort = FreePorts.next();
        tls = "localhost:" + FreePorts.next();
        login = "localhost:" + FreePorts.next();
        String clients = "CLIENTS://localhost:" + plainPort + ",SECURE://" + tls + ",LOGIN://" + login;
        Map<String, String> settings = new HashMap<>(keys.ofServer());
        int controllerPort = FreePorts.next();
        settings.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        settings.put("listeners", clients + ",CONTROLLER://localhost:" + controllerPort);
        settings.put("advertised.listeners", clients);
        settings.put(
                "listener.security.protocol.map",
                "CLIENTS:PLAINTEXT,SECURE:SSL,LOGIN:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT");
        settings.put("sasl.enabled.mechanisms", "PLAIN");
        settings.put("listener.name.login.plain.sasl.jaas.config", JAAS + " user_job=\"job-secret\";");
        broker = EmbeddedKafka.start(directory.resolve("kafka"), plainPort, settings);
        new BrokerCheck(broker.bootstrap(), Map.of()).createMissingTopics(List.of("there"), Optional.of(1));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @Test
    void aPlainClientOnATlsPortIsToldSoAtOnce() {
        long started = System.nanoTime();
        assertThatThrownBy(() -> check(tls, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the broker at " + tls + " speaks TLS, but security.protocol is PLAINTEXT")
                .hasMessageContaining("--kafka security.protocol=SSL");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(10));
        assertThatThrownBy(() -> check(tls, Map.of("security.protocol", "SASL_PLAINTEXT")))
                .hasMessageContaining("add --kafka security.protocol=SASL_SSL,");
    }

    @Test
    void aTlsClientOnAPlainPortIsToldSo() {
        Map<String, String> ssl = new HashMap<>(keys.ofClient());
        ssl.put("security.protocol", "SSL");

        assertThatThrownBy(() -> check(broker.bootstrap(), ssl))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the broker at " + broker.bootstrap() + " does not speak TLS there")
                .hasMessageContaining("--kafka security.protocol=PLAINTEXT");
    }

    @Test
    void aClientWithoutALoginIsToldWhichThereAre() {
        assertThatThrownBy(() -> check(login, Map.of()))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("the broker at " + login + " asks for a login")
                .hasMessageContaining("--kafka sasl.mechanism=PLAIN");
    }

    @Test
    void whoSpeaksAsThePortDoesIsLetThrough() {
        Map<String, String> ssl = new HashMap<>(keys.ofClient());
        ssl.put("security.protocol", "SSL");
        Map<String, String> sasl = Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                JAAS + " username=\"job\" password=\"job-secret\";");

        assertThatCode(() -> check(broker.bootstrap(), Map.of())).doesNotThrowAnyException();
        assertThatCode(() -> check(tls, ssl)).doesNotThrowAnyException();
        assertThatCode(() -> check(login, sasl)).doesNotThrowAnyException();
    }

    @Test
    void aCertificateThatIsNotTrustedIsNoPlainPort() {
        assertThatThrownBy(() -> check(tls, Map.of("security.protocol", "SSL")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("PKIX")
                .hasMessageNotContaining("does not speak TLS");
    }

    @Test
    void aPortWhereSomebodyElseListensIsNoTlsPort() throws IOException {
        try (ServerSocket silent = new ServerSocket(0)) {
            ListenerProbe probe = new ListenerProbe("localhost", silent.getLocalPort(), Duration.ofMillis(200));

            assertThat(probe.speech()).isEqualTo(ListenerProbe.Speech.UNKNOWN);
            assertThat(probe.saslMechanisms()).isEmpty();
        }
    }

    private static void check(String bootstrap, Map<String, String> clientProperties) {
        new BrokerCheck(bootstrap, clientProperties).requireTopics(List.of("there"));
    }
}
