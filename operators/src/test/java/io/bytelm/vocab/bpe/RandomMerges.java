package io.bytelm.vocab.bpe;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A toy vocabulary with a random list of merges over a few letters, in any order: parts may be made later than the merge
 * that needs them, the same piece may be made in several ways, and some pieces are made by none.
 *
 * @param pieces by token id, the letters first
 * @param merges the pairs of pieces, by rank
 */
public record RandomMerges(List<String> pieces, List<List<String>> merges, Map<String, Integer> ids) {
    public static RandomMerges of(Random random, String letters) {
        List<String> pieces = new ArrayList<>();
        letters.chars().forEach(c -> pieces.add(String.valueOf((char) c)));
        Set<List<String>> merges = new LinkedHashSet<>();
        int count = 1 + random.nextInt(12);
        for (int i = 0; i < count; i++) {
            String left = pieces.get(random.nextInt(pieces.size()));
            String right = pieces.get(random.nextInt(pieces.size()));
            if (left.length() + right.length() <= 6) {
                merges.add(List.of(left, right));
                if (!pieces.contains(left + right)) {
                    pieces.add(left + right);
                }
            }
        }
        List<List<String>> ranked = new ArrayList<>(merges);
        if (random.nextBoolean()) {
            Collections.shuffle(ranked, random);
        }
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < pieces.size(); id++) {
            ids.put(pieces.get(id), id);
        }
        return new RandomMerges(pieces, ranked, ids);
    }

    public MergeTable table() {
        return new MergeTable(
                merges.stream().mapToInt(m -> ids.get(m.get(0))).toArray(),
                merges.stream().mapToInt(m -> ids.get(m.get(1))).toArray(),
                merges.stream().mapToInt(m -> ids.get(m.get(0) + m.get(1))).toArray());
    }

    public CanonicalPairs pairs() {
        return CanonicalPairs.of(table(), pieces.stream().map(this::symbols).toArray(int[][]::new));
    }

    /** The letters of a text as tokens. */
    public int[] symbols(String text) {
        return text.chars().map(c -> ids.get(String.valueOf((char) c))).toArray();
    }

    /** What byte-pair encoding makes of a text, word by word as it is defined. */
    public List<Integer> encode(String text) {
        List<String> tokens = new ArrayList<>();
        text.chars().forEach(c -> tokens.add(String.valueOf((char) c)));
        while (true) {
            int best = -1;
            int bestRank = Integer.MAX_VALUE;
            for (int i = 0; i + 1 < tokens.size(); i++) {
                int rank = merges.indexOf(List.of(tokens.get(i), tokens.get(i + 1)));
                if (rank >= 0 && rank < bestRank) {
                    best = i;
                    bestRank = rank;
                }
            }
            if (best < 0) {
                return tokens.stream().map(ids::get).toList();
            }
            tokens.set(best, tokens.get(best) + tokens.remove(best + 1));
        }
    }
}
