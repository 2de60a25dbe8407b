package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.candidate.CandidateScoring;
import io.bytelm.candidate.CanonicalContinuation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Over canonical tokenizations: each candidate beside the enumeration of all token sequences. */
class CanonicalCandidatesTest {
    private static final double CLOSE = 1e-9;

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3})
    void eachWeighsExactlyTheRatioOfPrefixProbabilitiesWhateverWasDeferredBefore(double defer) {
        int compared = 0;
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            ToyTokenizer toy = ToyTokenizer.random(random, random.nextBoolean());
            String before = toy.text(random, random.nextInt(4));
            CanonicalTree tree =
                    toy.tree(defer).read(before.getBytes(ISO_8859_1)).run(toy.service()::expandAll);
            List<String> texts = new ArrayList<>();
            for (int i = 1 + random.nextInt(5); i > 0; i--) {
                texts.add(toy.text(random, 1 + random.nextInt(3)));
            }
            texts.add(texts.get(0));
            List<byte[]> bytes =
                    texts.stream().map(text -> text.getBytes(ISO_8859_1)).toList();
            CandidateScores scores = CanonicalContinuation.of(tree, 0)
                    .then(text -> CandidateScoring.of(text, new CandidateList(bytes, true), 1 + random.nextInt(9)))
                    .run(toy.service()::expandAll);
            for (int place = 0; place < texts.size(); place++) {
                String all = before + texts.get(place);
                double total = total(toy, all);
                double expected = Math.log(toy.probability(all) / toy.probability(before))
                        + Math.log(toy.probabilityOfEnd(all) / total);
                assertThat(scores.logLikelihoods()[place])
                        .as("seed %s, %s|%s", seed, before, texts.get(place))
                        .isCloseTo(expected, within(CLOSE));
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(400);
    }

    /** Of all that may follow: another letter, or the end. */
    private static double total(ToyTokenizer toy, String text) {
        double total = toy.probabilityOfEnd(text);
        for (char letter : toy.letters.toCharArray()) {
            total += toy.probability(text + letter);
        }
        return total;
    }
}
