package io.bytelm.service;

import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.stream.IntStream;

/**
 * The tokens that have no mass along their bytes.
 *
 * @param eosPositions those whose mass is that of the EOS symbol: ascending positions in the trie; not to be changed
 * @param positions these and the silent ones, whose mass is nowhere; ascending, not to be changed
 */
record HiddenTokens(int[] eosPositions, int[] positions) {
    static final HiddenTokens NONE = new HiddenTokens(new int[0], new int[0]);

    /** The positions of a vocabulary's special tokens, ascending. */
    static int[] specialPositions(TokenByteTrie trie) {
        Vocabulary vocabulary = trie.vocabulary();
        return trie.eosPositions(IntStream.range(0, vocabulary.size())
                .filter(id -> vocabulary.kind(id) == TokenKind.SPECIAL)
                .toArray());
    }

    /**
     * Those of a request.
     *
     * @param specialPositions from {@link #specialPositions}
     * @throws IllegalArgumentException if an EOS token is not an id of the vocabulary
     */
    static HiddenTokens of(ExpandRequest request, TokenByteTrie trie, int[] specialPositions) {
        int[] eos = trie.eosPositions(request.eosTokens());
        if (!request.silencesSpecials() || specialPositions.length == 0) {
            return new HiddenTokens(eos, eos);
        }
        int[] both = eos.length == 0
                ? specialPositions
                : IntStream.concat(IntStream.of(eos), IntStream.of(specialPositions))
                        .sorted()
                        .distinct()
                        .toArray();
        return new HiddenTokens(eos, both);
    }
}
