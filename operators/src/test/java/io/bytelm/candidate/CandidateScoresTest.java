package io.bytelm.candidate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CandidateScoresTest {
    private static final double IMPOSSIBLE = Double.NEGATIVE_INFINITY;

    private static CandidateScores scores(double... logLikelihoods) {
        return new CandidateScores(
                Stream.of("a", "b", "c", "d", "e")
                        .limit(logLikelihoods.length)
                        .map(text -> text.getBytes(UTF_8))
                        .toList(),
                logLikelihoods,
                null,
                0);
    }

    @Test
    void sharesAreThoseOfTheListAndAddUpToOne() {
        double[] logProbs = scores(Math.log(0.02), Math.log(0.06), IMPOSSIBLE).logProbs();
        assertThat(Math.exp(logProbs[0])).isCloseTo(0.25, within(1e-12));
        assertThat(Math.exp(logProbs[1])).isCloseTo(0.75, within(1e-12));
        assertThat(logProbs[2]).isEqualTo(IMPOSSIBLE);
        double[] tiny = scores(-5000, -5001).logProbs();
        assertThat(Arrays.stream(tiny).map(Math::exp).sum()).isCloseTo(1, within(1e-12));
    }

    @Test
    void equalOnesHaveTheSameRankAndTheFirstIsTheBest() {
        assertThat(scores(-3, -1, -2, -1, -3).ranks()).containsExactly(4, 1, 3, 1, 4);
        assertThat(scores(-3, -1, -2, -1).best()).isEqualTo(1);
    }

    @Test
    void whereNoneCanComeNoneIsTheBest() {
        CandidateScores none = scores(IMPOSSIBLE, IMPOSSIBLE);
        assertThat(none.best()).isEqualTo(CandidateScores.NONE);
        assertThat(none.logProbs()).containsExactly(IMPOSSIBLE, IMPOSSIBLE);
        assertThat(none.ranks()).containsExactly(1, 1);
    }
}
