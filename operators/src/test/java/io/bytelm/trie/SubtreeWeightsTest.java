package io.bytelm.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.bytelm.vocab.Vocabulary;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubtreeWeightsTest {
    private static final int VOCABULARIES = 60;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyNodeEqualsTheBruteForceOverTokens(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < VOCABULARIES; i++) {
            Vocabulary vocabulary = ToyVocabulary.random(random);
            int[] atomic = ToyVocabulary.someTokens(random, vocabulary, 4);
            int[] eos = ToyVocabulary.someTokens(random, vocabulary, 4);
            float[] weights = randomWeights(random, vocabulary.size());
            TokenByteTrie trie = new TokenByteTrie(vocabulary, atomic);
            SubtreeWeights subtrees = new SubtreeWeights(trie, inColumns(trie, weights), trie.eosPositions(eos));

            TrieOracle sums = new TrieOracle(vocabulary, atomic, eos, weights, Double::sum);
            TrieOracle maxima = new TrieOracle(vocabulary, atomic, eos, weights, Math::max);
            double[] allSums = subtrees.sums();
            double[] allMaxima = subtrees.maxima();
            for (int node = 0; node < trie.nodeCount(); node++) {
                assertClose(subtrees.sum(node), expected(trie, sums, node), "sum of a node");
                assertClose(allSums[node], expected(trie, sums, node), "sum of a node, of all");
                assertClose(subtrees.max(node), expected(trie, maxima, node), "max of a node");
                assertClose(allMaxima[node], expected(trie, maxima, node), "max of a node, of all");
                if (node < trie.firstAtomicNode()) {
                    assertRow(subtrees.childSums(node), sums.row(trie.prefix(node)));
                    assertRow(subtrees.childMaxima(node), maxima.row(trie.prefix(node)));
                }
            }
        }
    }

    @Test
    void aBatchIsItsRowsOneByOne() {
        Random random = new Random(11);
        Vocabulary vocabulary = ToyVocabulary.random(random);
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        int[] eos = trie.eosPositions(0);
        float[][] batch = {randomWeights(random, vocabulary.size()), randomWeights(random, vocabulary.size())};
        int[] nodes = {trie.root(), trie.firstChild(trie.root())};

        for (int i = 0; i < batch.length; i++) {
            SubtreeWeights alone = new SubtreeWeights(trie, batch[i], eos);
            assertThat(SubtreeWeights.sums(trie, batch, eos)[i]).isEqualTo(alone.sums());
            assertThat(SubtreeWeights.maxima(trie, batch, eos)[i]).isEqualTo(alone.maxima());
            assertThat(SubtreeWeights.childSums(trie, batch, nodes, eos)[i]).isEqualTo(alone.childSums(nodes[i]));
            assertThat(SubtreeWeights.childMaxima(trie, batch, nodes, eos)[i]).isEqualTo(alone.childMaxima(nodes[i]));
        }
    }

    @Test
    void aRareTokenBesideAFrequentOneKeepsItsDigits() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "b", "bc"));
        float rare = 1e-30f;
        float[] columns = inColumns(trie, new float[] {1, rare, rare});

        SubtreeWeights subtrees = new SubtreeWeights(trie, columns);

        int b = trie.child(trie.root(), 'b');
        assertThat(subtrees.sum(b)).isEqualTo(2 * (double) rare);
        assertThat(subtrees.sums()[b]).isEqualTo(2 * (double) rare);
        assertThat(subtrees.childSums(trie.root())['b']).isEqualTo(2 * (double) rare);
    }

    @Test
    void weightsOfAnotherVocabularyAreRefused() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "b"));

        assertThatThrownBy(() -> new SubtreeWeights(trie, new float[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 weights for a vocabulary of 2 tokens");
    }

    static float[] inColumns(TokenByteTrie trie, float[] byToken) {
        float[] columns = new float[byToken.length];
        for (int position = 0; position < columns.length; position++) {
            columns[position] = byToken[trie.token(position)];
        }
        return columns;
    }

    private static double expected(TokenByteTrie trie, TrieOracle oracle, int node) {
        if (node == trie.root()) {
            return oracle.total();
        }
        if (node == trie.eosNode()) {
            return oracle.eosMass();
        }
        return trie.isAtomic(node) ? oracle.atomic(trie.prefix(node)) : oracle.below(trie.prefix(node));
    }

    private static float[] randomWeights(Random random, int count) {
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = (float) Math.exp(-20 * random.nextDouble());
        }
        return weights;
    }

    private static void assertRow(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int symbol = 0; symbol < expected.length; symbol++) {
            assertClose(actual[symbol], expected[symbol], "a symbol");
        }
    }

    private static void assertClose(double actual, double expected, String what) {
        if (!(Math.abs(actual - expected) <= 1e-12 * expected)) { // an assertion a value would take most of the time
            fail("%s is %s, expected %s", what, actual, expected);
        }
    }
}
