package io.bytelm.vocab.bpe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CanonicalPairsTest {
    private static final int LISTS = 2_000;

    @Test
    void aSegmentationIsThatOfTheMergesIfAndOnlyIfAllItsPairsAreValid() {
        int several = 0;
        int unreachable = 0;
        for (long seed = 0; seed < LISTS; seed++) {
            Random random = new Random(seed);
            RandomMerges merges = RandomMerges.of(random, random.nextBoolean() ? "ab" : "abc");
            CanonicalPairs pairs = merges.pairs();
            for (int i = 0; i < 12; i++) {
                String text = text(random, merges, 2 + random.nextInt(9));
                List<List<Integer>> valid = new ArrayList<>();
                collectValid(merges, pairs, text, List.of(), valid);
                assertThat(valid).as("seed %s, text %s, %s", seed, text, merges).containsExactly(merges.encode(text));
                several += valid.get(0).size() > 1 ? 1 : 0;
            }
            for (int token = 0; token < merges.pieces().size(); token++) {
                unreachable += pairs.reachable(token) ? 0 : 1;
            }
        }
        assertThat(several).isGreaterThan(LISTS);
        assertThat(unreachable).as("pieces that no text is encoded as").isGreaterThan(LISTS / 10);
    }

    private static String text(Random random, RandomMerges merges, int length) {
        int letters =
                (int) merges.pieces().stream().filter(p -> p.length() == 1).count();
        StringBuilder text = new StringBuilder();
        random.ints(length, 0, letters)
                .forEach(letter -> text.append(merges.pieces().get(letter)));
        return text.toString();
    }

    private static void collectValid(
            RandomMerges merges, CanonicalPairs pairs, String rest, List<Integer> before, List<List<Integer>> into) {
        if (rest.isEmpty()) {
            into.add(before);
        }
        for (int token = 0; token < merges.pieces().size(); token++) {
            String piece = merges.pieces().get(token);
            boolean fits =
                    before.isEmpty() ? pairs.reachable(token) : pairs.valid(before.get(before.size() - 1), token);
            if (rest.startsWith(piece) && fits) {
                List<Integer> longer = new ArrayList<>(before);
                longer.add(token);
                collectValid(merges, pairs, rest.substring(piece.length()), longer, into);
            }
        }
    }

    @Test
    void aTokenIsReachableIfItsOwnTextIsEncodedAsIt() {
        for (long seed = 0; seed < LISTS; seed++) {
            RandomMerges merges = RandomMerges.of(new Random(seed), "abc");
            CanonicalPairs pairs = merges.pairs();
            MergeTable table = merges.table();
            for (int token = 0; token < pairs.size(); token++) {
                List<Integer> encoded = merges.encode(merges.pieces().get(token));
                assertThat(pairs.reachable(token))
                        .as("seed %s, %s", seed, token)
                        .isEqualTo(encoded.equals(List.of(token)));
                int[] symbols = merges.symbols(merges.pieces().get(token));
                assertThat(Arrays.stream(table.encode(symbols)).boxed().toList())
                        .isEqualTo(encoded);
            }
        }
    }

    @Test
    void ofAPairThatIsListedTwiceTheLaterRankCounts() {
        MergeTable merges = new MergeTable(new int[] {0, 1, 0}, new int[] {0, 1, 0}, new int[] {2, 3, 2});

        assertThat(merges.rank(0, 0)).isEqualTo(2);
        assertThat(merges.rank(1, 1)).isEqualTo(1);
        assertThat(merges.rank(0, 1)).isEqualTo(MergeTable.NONE);
    }
}
