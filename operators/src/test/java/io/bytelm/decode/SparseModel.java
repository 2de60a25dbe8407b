package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * A random vocabulary over a, b and c, some of whose bytes may lie only within longer tokens, with EOS and a special token
 * named {@code ab}; and a random model that gives many tokens no probability after many contexts. With the probability of
 * bytes as a sum over all tokenizations.
 */
final class SparseModel implements LanguageModel {
    private static final int BOS = 0;
    private static final int EOS = 1;
    private static final int FIRST_TEXT = 3;
    private static final double SPREAD = 6;

    private final long seed;
    private final double zeros;
    private final Vocabulary vocabulary;
    private final BruteForceTrieLmService service;
    private final boolean withEos;
    private final Map<TokenContext, float[]> known = new HashMap<>();
    private int healings;

    SparseModel(long seed) {
        Random random = new Random(seed);
        this.seed = seed;
        this.zeros = List.of(0.0, 0.1, 0.2, 0.4).get(random.nextInt(4));
        this.withEos = random.nextBoolean();
        this.vocabulary = randomVocabulary(random);
        this.service = new BruteForceTrieLmService(vocabulary, this);
    }

    private static Vocabulary randomVocabulary(Random random) {
        List<byte[]> bytes = new ArrayList<>();
        for (String name : List.of("<s>", "c", "ab")) {
            bytes.add(name.getBytes(ISO_8859_1));
        }
        for (int i = 6 + random.nextInt(14); i > 0; i--) {
            byte[] token = new byte[1 + random.nextInt(3)];
            for (int j = 0; j < token.length; j++) {
                token[j] = (byte) "abc".charAt(random.nextInt(3));
            }
            bytes.add(token);
        }
        List<TokenKind> kinds = new ArrayList<>();
        for (int id = 0; id < bytes.size(); id++) {
            kinds.add(id < FIRST_TEXT ? TokenKind.SPECIAL : TokenKind.NORMAL);
        }
        return new Vocabulary(bytes, kinds, BOS, new byte[0]);
    }

    boolean withEos() {
        return withEos;
    }

    Beam start(int width, double pruneThreshold) {
        int[] eos = withEos ? new int[] {EOS} : new int[0];
        return Beam.initial(
                BOS, new BeamParams(width, pruneThreshold, eos, true, BeamParams.UNLIMITED, BeamParams.UNLIMITED));
    }

    ReadText written(int width, double pruneThreshold) {
        return BeamText.after(start(width, pruneThreshold));
    }

    <T> T run(Step<T> begun) {
        Step<T> step = begun;
        healings += step.healings();
        while (step instanceof Step.Ask<T> ask) {
            step = ask.then().apply(service.expandAll(ask.requests()));
            healings += step.healings();
        }
        return ((Step.Done<T>) step).value();
    }

    /** How often another tokenization was found for a beam that could not go on. */
    int healings() {
        return healings;
    }

    /** The probability that a sequence of tokens, none of them special, begins with these bytes. */
    double probability(byte[] bytes) {
        return probability(TokenContext.startingWith(BOS), bytes, 0, false);
    }

    /** The probability of these bytes and then EOS. */
    double probabilityOfAll(byte[] bytes) {
        return probability(TokenContext.startingWith(BOS), bytes, 0, true);
    }

    private double probability(TokenContext context, byte[] bytes, int from, boolean toEos) {
        float[] next = probabilities(context);
        if (from == bytes.length) {
            return toEos ? next[EOS] : 1;
        }
        double sum = 0;
        for (int token = FIRST_TEXT; token < vocabulary.size(); token++) {
            byte[] tokenBytes = vocabulary.bytes(token);
            int shared = Math.min(tokenBytes.length, bytes.length - from);
            boolean fits = !toEos || shared == tokenBytes.length;
            if (fits && next[token] > 0 && Arrays.equals(tokenBytes, 0, shared, bytes, from, from + shared)) {
                sum += next[token] * probability(context.plus(token), bytes, from + shared, toEos);
            }
        }
        return sum;
    }

    @Override
    public int vocabularySize() {
        return vocabulary.size();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        return contexts.stream().map(this::probabilities).toArray(float[][]::new);
    }

    private float[] probabilities(TokenContext context) {
        return known.computeIfAbsent(context, this::computed);
    }

    private float[] computed(TokenContext context) {
        Random random = new Random(Objects.hash(seed, context));
        int size = vocabulary.size();
        double[] weights = new double[size];
        for (int token = 0; token < size; token++) {
            double weight = Math.exp(SPREAD * random.nextDouble());
            weights[token] = random.nextDouble() < zeros ? 0 : weight;
        }
        weights[random.nextInt(size)] += 1;
        double sum = Arrays.stream(weights).sum();
        float[] probabilities = new float[size];
        for (int token = 0; token < size; token++) {
            probabilities[token] = (float) (weights[token] / sum);
        }
        return probabilities;
    }

    @Override
    public void close() {}
}
