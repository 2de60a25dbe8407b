package io.bytelm.trie;

import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Small vocabularies for tests. */
public final class ToyVocabulary {
    private static final byte[] ALPHABET = {'a', 'b', 'c', 0, (byte) 0x80, (byte) 0xFF};

    private ToyVocabulary() {}

    /** These tokens, one character a byte; the first is BOS. */
    public static Vocabulary of(String... tokens) {
        return of(Arrays.stream(tokens)
                .map(t -> t.getBytes(StandardCharsets.ISO_8859_1))
                .toList());
    }

    /** Short tokens over few bytes, so that prefixes, tokens with the same bytes and tokens without any are common. */
    public static Vocabulary random(Random random) {
        List<byte[]> tokens = new ArrayList<>();
        int size = 1 + random.nextInt(60);
        for (int i = 0; i < size; i++) {
            byte[] token = new byte[random.nextInt(6)];
            for (int j = 0; j < token.length; j++) {
                token[j] = ALPHABET[random.nextInt(ALPHABET.length)];
            }
            tokens.add(token);
        }
        return of(tokens);
    }

    /** Some ids, ascending, no id twice. */
    public static int[] someTokens(Random random, Vocabulary vocabulary, int most) {
        return random.ints(random.nextInt(most + 1), 0, vocabulary.size())
                .sorted()
                .distinct()
                .toArray();
    }

    private static Vocabulary of(List<byte[]> tokens) {
        return new Vocabulary(tokens, Collections.nCopies(tokens.size(), TokenKind.NORMAL), 0, new byte[0]);
    }
}
