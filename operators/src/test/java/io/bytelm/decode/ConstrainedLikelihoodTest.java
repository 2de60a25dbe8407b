package io.bytelm.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Estimates against the sum over all outputs and all of their tokenizations. */
class ConstrainedLikelihoodTest {
    private static final int RUNS = 3000;
    private static final double STANDARD_ERRORS = 4.5;
    private static final List<String> OUTPUTS = List.of("abca", "abcb", "ac", "acab", "bcab", "bcca", "caca", "cc");
    private static final Constraint CHOICES = ToyDecoding.constraint(
            ConstraintKind.CHOICES,
            OUTPUTS.stream().map(s -> '"' + s + '"').collect(Collectors.joining(",", "[", "]")));

    private static DecodingRules rules(double temperature, int particles, boolean withEos, long seed) {
        Sampler sampler = new Sampler(temperature, 0, 1, 0, seed);
        return new DecodingRules(CHOICES, sampler, StopStrings.NONE, 8, withEos, particles, 0);
    }

    private static double exact(ToyDecoding toy) {
        // Without EOS an output that is the beginning of another one is never the end.
        return OUTPUTS.stream()
                .filter(s -> toyEndsAt(s, toy))
                .mapToDouble(toy::probability)
                .sum();
    }

    private static boolean toyEndsAt(String output, ToyDecoding toy) {
        return toy.start().params().eosTokens().length > 0
                || OUTPUTS.stream().noneMatch(other -> other.length() > output.length() && other.startsWith(output));
    }

    @ParameterizedTest(name = "temperature {0}, {1} particles, EOS {2}")
    @CsvSource({"1,1,true", "1,1,false", "1,8,true", "1,8,false", "0.7,1,true", "1.6,4,true"})
    void theEstimateIsUnbiased(double temperature, int particles, boolean withEos) {
        ToyDecoding toy = new ToyDecoding(withEos);
        double exact = exact(toy);
        int runs = RUNS / particles;
        double sum = 0;
        double sumOfSquares = 0;
        for (int seed = 0; seed < runs; seed++) {
            Decoding end = toy.decode(rules(temperature, particles, withEos, seed));
            double estimate = Math.exp(end.logConstraintProbability());
            sum += estimate;
            sumOfSquares += estimate * estimate;
        }
        double mean = sum / runs;
        double standardError = Math.sqrt((sumOfSquares / runs - mean * mean) / runs);
        assertThat(standardError).isLessThan(exact / 5);
        assertThat(mean).as("mean of %d estimates", runs).isCloseTo(exact, within(STANDARD_ERRORS * standardError));
    }

    @Test
    void manyParticlesConvergeToTheProbabilityAndToTheShares() {
        ToyDecoding toy = new ToyDecoding(true);
        Decoding end = toy.decode(rules(1, 4000, true, 3));
        double exact = exact(toy);
        assertThat(Math.exp(end.logConstraintProbability())).isCloseTo(exact, within(exact * 0.1));

        Map<String, Double> shares = new HashMap<>();
        double total = 0;
        for (Draft draft : end.drafts()) {
            double weight = Math.exp(draft.logWeight());
            shares.merge(ToyDecoding.text(draft), weight, Double::sum);
            total += weight;
        }
        for (String output : OUTPUTS) {
            assertThat(shares.getOrDefault(output, 0.0) / total)
                    .as(output)
                    .isCloseTo(toy.probability(output) / exact, within(0.04));
        }
    }

    @Test
    void resamplingHappensAndKeepsTheSampleUsable() {
        ToyDecoding toy = new ToyDecoding(true);
        int resampled = 0;
        for (int seed = 0; seed < 40; seed++) {
            Decoding end = toy.decode(rules(1, 8, true, seed));
            resampled += end.logEvidence() < 0 ? 1 : 0;
            assertThat(end.effectiveSampleSize()).isBetween(1.0, 8.0 + 1e-9);
        }
        assertThat(resampled).isPositive();
    }
}
