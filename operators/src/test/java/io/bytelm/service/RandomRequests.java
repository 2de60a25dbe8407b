package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Requests of every shape for a vocabulary. */
final class RandomRequests {
    private final Random random;
    private final Vocabulary vocabulary;

    RandomRequests(Random random, Vocabulary vocabulary) {
        this.random = random;
        this.vocabulary = vocabulary;
    }

    /** A random vocabulary, a third of whose tokens are special. */
    static Vocabulary vocabularyWithSpecials(Random random) {
        Vocabulary plain = ToyVocabulary.random(random);
        List<byte[]> bytes =
                IntStream.range(0, plain.size()).mapToObj(plain::bytes).toList();
        List<TokenKind> kinds = bytes.stream()
                .map(b -> random.nextInt(3) == 0 ? TokenKind.SPECIAL : TokenKind.NORMAL)
                .toList();
        return new Vocabulary(bytes, kinds, plain.bosToken(), new byte[0]);
    }

    /**
     * A path that follows a token for a while, then goes where it likes, now and then a long way; rows from any depth or
     * none; EOS and silenced tokens or none.
     */
    ExpandRequest next() {
        byte[] path = vocabulary.bytes(random.nextInt(vocabulary.size()));
        path = Arrays.copyOf(path, random.nextInt(path.length + 1));
        for (int more = random.nextInt(10) == 0 ? 40 : 1; more > 0; more--) {
            byte[] next = vocabulary.bytes(random.nextInt(vocabulary.size()));
            int length = path.length;
            path = Arrays.copyOf(path, length + next.length);
            System.arraycopy(next, 0, path, length, next.length);
        }
        int[] eos = ToyVocabulary.someTokens(random, vocabulary, 3);
        int rowsFrom = random.nextInt(4) == 0 ? ExpandRequest.NO_ROWS : random.nextInt(path.length + 2);
        TokenContext context = TokenContext.of(vocabulary.bosToken(), random.nextInt(vocabulary.size()));
        return new ExpandRequest(context, path, eos, rowsFrom, random.nextBoolean());
    }
}
