package io.bytelm.beam;

import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Small vocabularies under the portable model, and the probability of bytes by enumeration of all tokenizations. */
public final class ToyModel {
    private final Vocabulary vocabulary;
    private final PortableModel model;

    private ToyModel(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
        this.model = new PortableModel(vocabulary.size());
    }

    /** Token 0 is BOS. */
    public static Vocabulary vocabulary(String dummyPrefix, String... tokens) {
        List<byte[]> bytes = Arrays.stream(tokens).map(ToyModel::ascii).toList();
        return new Vocabulary(bytes, Collections.nCopies(bytes.size(), TokenKind.NORMAL), 0, ascii(dummyPrefix));
    }

    public static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    public static BruteForceTrieLmService service(Vocabulary vocabulary) {
        return new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
    }

    public static byte[] randomText(Random random, int length) {
        byte[] text = new byte[length];
        for (int i = 0; i < length; i++) {
            text[i] = (byte) ("abc".charAt(random.nextInt(3)));
        }
        return text;
    }

    /** The log-probability (nats) that a token sequence begins with these bytes. */
    public static double logPrefixProbability(Vocabulary vocabulary, byte[] bytes) {
        TokenContext bos = TokenContext.startingWith(vocabulary.bosToken());
        return Math.log(new ToyModel(vocabulary).probability(bos, bytes, 0));
    }

    private double probability(TokenContext context, byte[] bytes, int from) {
        if (from == bytes.length) {
            return 1;
        }
        float[] next = model.nextTokenProbabilities(List.of(context))[0];
        double sum = 0;
        for (int token = 0; token < vocabulary.size(); token++) {
            byte[] tokenBytes = vocabulary.bytes(token);
            int shared = Math.min(tokenBytes.length, bytes.length - from);
            if (shared > 0 && Arrays.equals(tokenBytes, 0, shared, bytes, from, from + shared)) {
                sum += next[token] * probability(context.plus(token), bytes, from + shared);
            }
        }
        return sum;
    }
}
