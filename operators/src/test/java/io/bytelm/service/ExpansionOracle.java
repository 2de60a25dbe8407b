package io.bytelm.service;

import io.bytelm.trie.TrieOracle;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The answer to a request from the definition in {@link Expansion}: token by token, with no trie. */
final class ExpansionOracle {
    private final Vocabulary vocabulary;
    private final TrieOracle sums;
    private final float[] probabilities;

    /** @param probabilities by token id */
    ExpansionOracle(Vocabulary vocabulary, float[] probabilities, int[] eosTokens) {
        this.vocabulary = vocabulary;
        this.sums = new TrieOracle(vocabulary, new int[0], eosTokens, probabilities, Double::sum);
        this.probabilities = probabilities;
    }

    Expansion expand(byte[] path, int rowsFrom) {
        int depth = path.length;
        while (depth > 0 && !somethingBeginsWith(Arrays.copyOf(path, depth))) {
            depth--;
        }
        double[] logMass = new double[depth + 1];
        int[][] endTokens = new int[depth + 1][];
        double[][] endLogMass = new double[depth + 1][];
        double[][] rows = new double[depth + 1][];
        for (int d = 0; d <= depth; d++) {
            byte[] prefix = Arrays.copyOf(path, d);
            logMass[d] = Math.log(d == 0 ? sums.total() : sums.below(prefix));
            endTokens[d] = d == 0 ? new int[0] : endTokens(prefix);
            endLogMass[d] = Arrays.stream(endTokens[d])
                    .mapToDouble(this::mass)
                    .map(Math::log)
                    .toArray();
            if (d >= rowsFrom) {
                rows[d] = Arrays.stream(sums.row(prefix)).map(Math::log).toArray();
            }
        }
        return new Expansion(logMass, endTokens, endLogMass, Math.log(sums.eosMass()), rows);
    }

    private boolean somethingBeginsWith(byte[] prefix) {
        return IntStream.range(0, vocabulary.size())
                .mapToObj(vocabulary::bytes)
                .anyMatch(b -> b.length >= prefix.length && Arrays.equals(Arrays.copyOf(b, prefix.length), prefix));
    }

    private int[] endTokens(byte[] bytes) {
        return IntStream.range(0, vocabulary.size())
                .filter(token -> Arrays.equals(vocabulary.bytes(token), bytes))
                .boxed()
                .sorted(Comparator.comparing((Integer token) -> -mass(token)).thenComparing(token -> token))
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private double mass(int token) {
        return sums.isEos(token) ? 0 : probabilities[token];
    }
}
