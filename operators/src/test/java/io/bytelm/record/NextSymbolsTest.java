package io.bytelm.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextSymbolsTest {
    private static NextByteDistribution withLogProbs(double... first) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        System.arraycopy(first, 0, logProbs, 0, first.length);
        return NextByteDistribution.of(logProbs);
    }

    @Test
    void theMostProbableComeFirstAndAmongEqualsTheLowerNumber() {
        assertThat(NextSymbols.top(withLogProbs(-3, -1, -2, -1), 3))
                .isEqualTo(new NextSymbols(new int[] {1, 3, 2}, new double[] {-1, -1, -2}));
    }

    @Test
    void impossibleSymbolsAreListedOnlyWithAllOthers() {
        assertThat(NextSymbols.top(withLogProbs(-1), 257)).isEqualTo(new NextSymbols(new int[] {0}, new double[] {-1}));
        NextSymbols all = NextSymbols.top(withLogProbs(Double.NEGATIVE_INFINITY, -1), 258);
        assertThat(all.symbols()).startsWith(1, 0, 2, 3).hasSize(258).endsWith(257);
        assertThat(all.logProbs()[257]).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(NextSymbols.top(withLogProbs(-1), 0).size()).isZero();
    }

    @Test
    void anyCountAgreesWithSorting() {
        Random random = new Random(4);
        for (int round = 0; round < 300; round++) {
            NextByteDistribution next = withLogProbs(
                    random.doubles(258).map(p -> Math.floor(p * 40) / 4 - 12).toArray());
            int count = random.nextInt(259);
            int[] sorted = IntStream.range(0, Symbols.COUNT)
                    .boxed()
                    .sorted(Comparator.comparing(symbol -> -next.logProb(symbol)))
                    .mapToInt(Integer::intValue)
                    .limit(count)
                    .toArray();
            assertThat(NextSymbols.top(next, count).symbols())
                    .as("round %d of seed 4", round)
                    .containsExactly(sorted);
        }
    }

    @Test
    void eachSymbolHasItsProbability() {
        assertThatThrownBy(() -> new NextSymbols(new int[1], new double[2]))
                .hasMessage("1 symbols but 2 probabilities");
    }
}
