package io.bytelm.service.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RendezvousTest {
    private static final int SESSIONS = 30_000;
    private static final List<ServiceAddress> THREE = List.of(
            new ServiceAddress("10.0.0.1", 9095),
            new ServiceAddress("10.0.0.1", 9096),
            new ServiceAddress("service-2.example.com", 9095));

    @Test
    void sessionsSpreadEvenlyThoughTheirNumbersAreNeighbours() {
        Map<ServiceAddress, Long> counts = LongStream.range(0, SESSIONS)
                .mapToObj(session -> best(session, THREE))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(counts).hasSize(3);
        assertThat(counts.values())
                .allSatisfy(count -> assertThat((double) count / SESSIONS).isCloseTo(1.0 / 3, within(0.02)));
    }

    @Test
    void whenOneGoesOnlyItsSessionsMoveAndTheyGoToBothOthers() {
        List<ServiceAddress> two = THREE.subList(0, 2);
        Map<ServiceAddress, Long> movedTo = LongStream.range(0, SESSIONS)
                .filter(session -> !best(session, two).equals(best(session, THREE)))
                .peek(session -> assertThat(best(session, THREE)).isEqualTo(THREE.get(2)))
                .mapToObj(session -> best(session, two))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(movedTo).hasSize(2);
        assertThat(movedTo.values())
                .allSatisfy(count -> assertThat((double) count / SESSIONS).isCloseTo(1.0 / 6, within(0.02)));
    }

    @Test
    void turnsToComeBackAreSpreadOverTheWholeWay() {
        double mean = LongStream.range(0, SESSIONS)
                .mapToDouble(session -> Rendezvous.turn(session, THREE.get(0)))
                .peek(turn -> assertThat(turn).isBetween(0.0, 1.0))
                .average()
                .orElseThrow();

        assertThat(mean).isCloseTo(0.5, within(0.02));
    }

    private static ServiceAddress best(long session, List<ServiceAddress> endpoints) {
        return endpoints.stream()
                .max(Comparator.comparing(
                        (ServiceAddress endpoint) -> Rendezvous.weight(session, endpoint), Long::compareUnsigned))
                .orElseThrow();
    }
}
