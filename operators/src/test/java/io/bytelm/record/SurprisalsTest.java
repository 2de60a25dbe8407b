package io.bytelm.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The surprisal of the last bytes beside the past, against its definition. */
class SurprisalsTest {
    private static final long SEED = 20_261_129;

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(value -> value).average().orElseThrow();
    }

    /** The means of the windows that have ended before the last {@code window} bytes begin. */
    private static List<Double> windowsBefore(List<Double> bits, int window) {
        List<Double> means = new ArrayList<>();
        for (int end = window; end <= bits.size() - window; end += window) {
            means.add(mean(bits.subList(end - window, end)));
        }
        return means;
    }

    @Test
    void zIsTheDistanceOfTheLastBytesFromTheWindowsBeforeThem() {
        Random random = new Random(SEED);
        int known = 0;
        for (int round = 0; round < 60; round++) {
            int window = 2 + random.nextInt(20);
            Surprisals surprisals = Surprisals.of(window);
            List<Double> bits = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                bits.add(random.nextDouble() * (random.nextInt(50) == 0 ? 40 : 4));
                surprisals = surprisals.plus(bits.get(i));
                String place = "seed " + SEED + ", round " + round + ", byte " + i;
                if (bits.size() < window) {
                    assertThat(surprisals.windowBitsPerByte()).as(place).isNull();
                    continue;
                }
                double last = mean(bits.subList(bits.size() - window, bits.size()));
                assertThat(surprisals.windowBitsPerByte()).as(place).isCloseTo(last, within(1e-9));
                List<Double> before = windowsBefore(bits, window);
                if (before.size() < Surprisals.LEAST_WINDOWS) {
                    assertThat(surprisals.z()).as(place).isNull();
                    continue;
                }
                double mean = mean(before);
                double squares = before.stream()
                        .mapToDouble(value -> (value - mean) * (value - mean))
                        .sum();
                double expected = (last - mean) / Math.sqrt(squares / (before.size() - 1));
                assertThat(surprisals.z()).as(place).isCloseTo(expected, within(1e-6));
                known++;
            }
        }
        assertThat(known).isGreaterThan(5000);
    }

    @Test
    void aBurstStandsOut() {
        Random random = new Random(SEED);
        Surprisals surprisals = Surprisals.of(16);
        for (int i = 0; i < 1000; i++) {
            surprisals = surprisals.plus(1 + random.nextDouble());
        }
        assertThat(Math.abs(Objects.requireNonNull(surprisals.z()))).isLessThan(4);
        for (int i = 0; i < 16; i++) {
            surprisals = surprisals.plus(6);
        }
        assertThat(surprisals.z()).isGreaterThan(10);
    }

    @Test
    void whatRoundingLeavesOfBytesThatSurpriseAlikeIsNoDeviation() {
        Surprisals surprisals = Surprisals.of(4);
        double total = 0;
        for (int i = 0; i < 4000; i++) {
            double next = total - 0.7;
            surprisals = surprisals.plus((total - next) / Math.log(2));
            total = next;
            assertThat(surprisals.z()).as("byte " + i).isNull();
        }
    }

    @Test
    void whatNeverChangesHasNoDeviation() {
        Surprisals surprisals = Surprisals.of(4);
        for (int i = 0; i < 400; i++) {
            surprisals = surprisals.plus(0);
        }
        assertThat(surprisals.z()).isNull();
    }
}
