package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.FreePorts;
import io.bytelm.job.UserException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BrokerCheckIT {
    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    private static BrokerCheck check;

    @BeforeAll
    static void prepare() {
        check = new BrokerCheck(BROKER.bootstrap(), Map.of());
    }

    @Test
    void missingTopicsAreNamedWithTheRemedy() {
        check.createMissingTopics(List.of("there"), Optional.of(1));

        assertThatThrownBy(() -> check.requireTopics(List.of("absent", "there", "scores")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("has no topic 'absent', 'scores'")
                .hasMessageContaining("--create-topics");
    }

    @Test
    void createsWhatIsMissingAndLeavesWhatIsThere() {
        check.createMissingTopics(List.of("one"), Optional.of(2));
        check.createMissingTopics(List.of("one", "two"), Optional.empty());

        assertThatCode(() -> check.requireTopics(List.of("one", "two"))).doesNotThrowAnyException();
    }

    @Test
    void aNameThatIsNoTopicNameIsRefused() {
        assertThatThrownBy(() -> check.requireTopics(List.of("no spaces please")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("'no spaces please' is not a name for a Kafka topic");
    }

    @Test
    void aBrokerThatIsNotThereIsReportedWithinSeconds() throws IOException {
        int freePort = FreePorts.next();
        BrokerCheck nobody = new BrokerCheck("localhost:" + freePort, Map.of());

        long started = System.nanoTime();
        assertThatThrownBy(() -> nobody.requireTopics(List.of("any")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no Kafka broker answers at localhost:" + freePort);
        assertThat(Duration.ofNanos(System.nanoTime() - started))
                .isLessThan(Duration.ofSeconds(45)); // Kafka waits for a minute
    }

    @Test
    void anAddressThatCannotBeResolvedIsReported() {
        assertThatThrownBy(() -> new BrokerCheck("no-such-host.invalid:9092", Map.of()).requireTopics(List.of("any")))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("no-such-host.invalid:9092");
    }
}
