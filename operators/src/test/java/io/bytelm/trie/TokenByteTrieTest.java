package io.bytelm.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.dist.Symbols;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenByteTrieTest {
    @Test
    void tokensAreSortedByUnsignedBytesThenById() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("b", "\u00ff", "ab", "a", "", "a", "\u0000"));

        assertThat(trie.columnOrder()).containsExactly(4, 6, 3, 5, 2, 0, 1);
        assertThat(trie.position(2)).isEqualTo(4);
    }

    @Test
    void aNodeIsTheRangeOfTheTokensThatBeginSo() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "ab", "abc", "ab", "b"));

        int ab = trie.child(trie.child(trie.root(), 'a'), 'b');
        assertThat(trie.prefix(ab)).isEqualTo(new byte[] {'a', 'b'});
        assertThat(trie.depth(ab)).isEqualTo(2);
        assertThat(IntStream.range(trie.first(ab), trie.end(ab)).map(trie::token))
                .containsExactly(1, 3, 2);
        assertThat(IntStream.range(trie.first(ab), trie.endsEnd(ab)).map(trie::token))
                .containsExactly(1, 3);
        assertThat(trie.child(ab, 'x')).isEqualTo(TokenByteTrie.NONE);
        assertThat(trie.find(new byte[] {'a', 'b', 'c', 'd'})).isEqualTo(TokenByteTrie.NONE);
        assertThat(trie.nodeOf(3)).isEqualTo(ab);
    }

    @Test
    void noByteLeadsToAnAtomicToken() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("<s>", "a", "<s>x", "<s>"), new int[] {0, 3});

        int atomic = trie.nodeOf(0);
        assertThat(trie.isAtomic(atomic)).isTrue();
        assertThat(trie.nodeOf(3)).isEqualTo(atomic);
        assertThat(trie.parent(atomic)).isEqualTo(trie.root());
        assertThat(trie.prefix(atomic)).isEqualTo("<s>".getBytes(StandardCharsets.US_ASCII));
        int sameBytes = trie.find(trie.prefix(atomic));
        assertThat(sameBytes).isNotEqualTo(atomic);
        assertThat(IntStream.range(trie.first(sameBytes), trie.end(sameBytes)).map(trie::token))
                .containsExactly(2);
    }

    @Test
    void theEosNodeHangsFromTheRootBySymbol257() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "b"));

        assertThat(trie.child(trie.root(), Symbols.EOS)).isEqualTo(trie.eosNode());
        assertThat(trie.child(trie.child(trie.root(), 'a'), Symbols.EOS)).isEqualTo(TokenByteTrie.NONE);
        assertThat(trie.depth(trie.eosNode())).isZero();
        assertThat(trie.eosPositions(1, 0)).containsExactly(0, 1);
    }

    @Test
    void tokensThatAreNotInTheVocabularyAreNamed() {
        Vocabulary vocabulary = ToyVocabulary.of("a", "b");

        assertThatThrownBy(() -> new TokenByteTrie(vocabulary, new int[] {2}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("atomic token 2 is not an id of a vocabulary of 2 tokens");
        assertThatThrownBy(() -> new TokenByteTrie(vocabulary).eosPositions(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("EOS token -1 is not an id of a vocabulary of 2 tokens");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void nodesAreTheDistinctPrefixes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            Vocabulary vocabulary = ToyVocabulary.random(random);
            int[] atomic = ToyVocabulary.someTokens(random, vocabulary, 3);
            TokenByteTrie trie = new TokenByteTrie(vocabulary, atomic);

            Set<byte[]> prefixes = new TreeSet<>(Arrays::compareUnsigned);
            Set<byte[]> atomics = new TreeSet<>(Arrays::compareUnsigned);
            prefixes.add(new byte[0]);
            for (int token = 0; token < vocabulary.size(); token++) {
                byte[] bytes = vocabulary.bytes(token);
                if (Arrays.binarySearch(atomic, token) >= 0 && bytes.length > 0) {
                    atomics.add(bytes);
                    continue;
                }
                for (int length = 1; length <= bytes.length; length++) {
                    prefixes.add(Arrays.copyOf(bytes, length));
                }
            }
            assertThat(trie.firstAtomicNode()).isEqualTo(prefixes.size());
            assertThat(trie.nodeCount()).isEqualTo(prefixes.size() + atomics.size() + 1);
            for (byte[] prefix : prefixes) {
                int node = trie.find(prefix);
                assertThat(node).isNotEqualTo(TokenByteTrie.NONE);
                assertThat(trie.prefix(node)).isEqualTo(prefix);
                assertThat(trie.depth(node)).isEqualTo(prefix.length);
            }
            for (int token = 0; token < vocabulary.size(); token++) {
                assertThat(trie.prefix(trie.nodeOf(token))).isEqualTo(vocabulary.bytes(token));
                assertThat(trie.token(trie.position(token))).isEqualTo(token);
            }
            assertOrder(trie, vocabulary, atomic);
        }
    }

    private static void assertOrder(TokenByteTrie trie, Vocabulary vocabulary, int[] atomic) {
        Integer[] expected = IntStream.range(0, vocabulary.size()).boxed().toArray(Integer[]::new);
        Arrays.sort(
                expected,
                Comparator.comparing(
                                (Integer t) -> Arrays.binarySearch(atomic, t) >= 0 && vocabulary.bytes(t).length > 0)
                        .thenComparing(vocabulary::bytes, Arrays::compareUnsigned)
                        .thenComparing(t -> t));
        assertThat(trie.columnOrder()).containsExactly(expected);
    }
}
