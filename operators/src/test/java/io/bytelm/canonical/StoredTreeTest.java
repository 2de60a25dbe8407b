package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.dist.Symbols;
import io.bytelm.service.BruteForceTrieLmService;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Trees that were stored, which know what was evaluated and not what came of it, beside those that were not. */
class StoredTreeTest {
    private static final double SAME = 1e-12;
    private static final int TOKENIZERS = 400;

    @Test
    void aStoredTreeExpectsWhatItWouldHaveExpectedAndDefersTheSame() {
        int deferring = 0;
        for (long seed = 0; seed < TOKENIZERS; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            byte[] text = toy.text(random, 1 + random.nextInt(20)).getBytes(ISO_8859_1);
            double defer = 0.4 * random.nextDouble();
            BruteForceTrieLmService service = toy.service();
            CanonicalTree tree = toy.tree(defer).read(text).run(service::expandAll);

            CanonicalPrediction expected = tree.predict().run(service::expandAll);
            CanonicalPrediction actual =
                    tree.saved().restored(toy.rules).predict().run(toy.service()::expandAll);

            String place = "seed " + seed + ", defer " + defer;
            assertThat(Math.exp(actual.logDeferred()))
                    .as(place)
                    .isCloseTo(Math.exp(expected.logDeferred()), within(SAME));
            for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
                assertThat(Math.exp(actual.next().logProb(symbol)))
                        .as("%s, symbol %d", place, symbol)
                        .isCloseTo(Math.exp(expected.next().logProb(symbol)), within(SAME));
            }
            deferring += expected.logDeferred() > Double.NEGATIVE_INFINITY ? 1 : 0;
        }
        assertThat(deferring).isGreaterThan(TOKENIZERS / 10);
    }
}
