package io.bytelm.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of a few tokens and rows that are written down, what is asked for next and how probable that is. */
class LikelyContextsTest {
    private static final List<String> TOKENS = List.of("<s>", "a", "ab", "abc", "abd", "b", "c", "cd", "x");
    private static final int A = 1;
    private static final int AB = 2;
    private static final int ABC = 3;
    private static final int ABD = 4;
    private static final int B = 5;
    private static final int C = 6;
    private static final int CD = 7;
    private static final double LEAST = 0.01;

    /** For the byte of a context whose row is not known. */
    private static final double TYPICAL = 0.3;

    private final TokenByteTrie trie = new TokenByteTrie(new Vocabulary(
            TOKENS.stream().map(token -> token.getBytes(UTF_8)).toList(),
            Collections.nCopies(TOKENS.size(), TokenKind.NORMAL),
            0,
            new byte[0]));
    private final Map<TokenContext, EvaluatedRow> rows = new HashMap<>();
    private final RecentContexts recent = new RecentContexts();
    private final TokenContext start = TokenContext.startingWith(0);

    private void evaluated(TokenContext context, Map<Integer, Double> probabilities) {
        float[] columns = new float[TOKENS.size()];
        probabilities.forEach((token, probability) -> columns[trie.position(token)] = probability.floatValue());
        rows.put(context, new EvaluatedRow(columns));
        recent.add(context);
    }

    private Map<TokenContext, Double> likely(TokenContext asked, String path) {
        ReadingsOfText readings = new ReadingsOfText(trie, recent, rows::get, asked, path.getBytes(UTF_8));
        return LikelyContexts.of(trie, readings, LEAST);
    }

    @Test
    void aTokenThatEndsWithTheTextWillBeAskedFor() {
        evaluated(start, Map.of(A, 0.5, AB, 0.3, C, 0.2));

        assertThat(likely(start.plus(A), "b"))
                .containsEntry(start.plus(AB), 1.0)
                .hasSize(1);
    }

    @Test
    void oneOfLittleShareWillNot() {
        evaluated(start, Map.of(A, 0.9, AB, 0.01, C, 0.09));

        assertThat(likely(start.plus(A), "b")).isEmpty();
    }

    @Test
    void aTokenThatGoesOnIsAskedForByItsShareOfTheText() {
        evaluated(start, Map.of(A, 0.5, ABC, 0.1, ABD, 0.2, CD, 0.2));
        double total = 0.3 / 0.5 + TYPICAL; // of "ab" given "a"

        Map<TokenContext, Double> likely = likely(start.plus(A), "b");

        assertThat(likely).containsOnlyKeys(start.plus(ABC), start.plus(ABD));
        assertThat(likely.get(start.plus(ABC))).isCloseTo(0.1 / 0.5 / total, within(1e-6));
        assertThat(likely.get(start.plus(ABD))).isCloseTo(0.2 / 0.5 / total, within(1e-6));
    }

    @Test
    void otherCutsOfTheTextThatWereEvaluatedGoOnToo() {
        evaluated(start, Map.of(A, 0.5, AB, 0.5));
        evaluated(start.plus(A), Map.of(B, 0.5, C, 0.5));
        evaluated(start.plus(A).plus(B), Map.of(C, 0.2, CD, 0.8));
        double total = 0.25 / 0.5 * 1.0 + TYPICAL; // "a", "b" and "c" or "cd", given "ab"

        Map<TokenContext, Double> likely = likely(start.plus(AB), "c");

        assertThat(likely)
                .containsOnlyKeys(
                        start.plus(A).plus(B).plus(C), start.plus(A).plus(B).plus(CD));
        assertThat(likely).containsEntry(start.plus(A).plus(B).plus(C), 1.0);
        assertThat(likely.get(start.plus(A).plus(B).plus(CD))).isCloseTo(0.25 / 0.5 * 0.8 / total, within(1e-6));
    }

    @Test
    void whatContradictsTheTextIsNotAskedFor() {
        evaluated(start, Map.of(A, 0.5, C, 0.5));
        evaluated(start.plus(C), Map.of(B, 1.0));

        assertThat(likely(start.plus(A), "b")).isEmpty();
    }

    @Test
    void aGuessThatForetoldTheTextForetellsMore() {
        evaluated(start, Map.of(A, 0.5, ABC, 0.5));
        evaluated(start.plus(ABC), Map.of(B, 0.6, CD, 0.4));
        double total = 0.5 / 0.5 + TYPICAL;

        Map<TokenContext, Double> likely = likely(start.plus(A), "b");

        assertThat(likely.get(start.plus(ABC).plus(B))).isCloseTo(0.6 / total, within(1e-6));
        assertThat(likely.get(start.plus(ABC).plus(CD))).isCloseTo(0.4 / total, within(1e-6));
    }

    @Test
    void allThatEndsInBytesThatAreKnownWillBeAskedFor() {
        evaluated(start, Map.of(A, 0.4, AB, 0.3, ABC, 0.3));

        assertThat(likely(start.plus(A), "bcx"))
                .containsOnlyKeys(start.plus(AB), start.plus(ABC))
                .containsValues(1.0);
    }

    @Test
    void withoutTheRowOfWhatItGrewFromNothingIsKnown() {
        assertThat(likely(start.plus(A), "b")).isEmpty();
        assertThat(likely(start, "b")).isEmpty();
    }

    @Test
    void rowsThatAreNoProbabilitiesGiveNoChanceThatIsNone() {
        evaluated(start, Map.of(A, Double.NaN, ABC, Double.NaN));
        assertThat(likely(start.plus(A), "b")).isEmpty();

        evaluated(start, Map.of(A, 0.0, ABC, 0.5));
        assertThat(likely(start.plus(A), "b").values()).allMatch(chance -> chance > 0 && chance <= 1);

        evaluated(start, Map.of(A, 0.5, ABC, Double.POSITIVE_INFINITY));
        assertThat(likely(start.plus(A), "b").values()).allMatch(chance -> chance > 0 && chance <= 1);
    }

    @Test
    void whereATokenHasNoBytesAndNoneAreKnownChancesAreStillSuch() {
        evaluated(start, Map.of(A, 0.001, B, 0.5, ABC, 0.499));

        assertThat(likely(start.plus(A), "").values()).allMatch(chance -> chance > 0 && chance <= 1);
    }
}
