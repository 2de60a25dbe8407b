package io.bytelm.benchmark;

import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Random;

/** GPT-2's 50,257 tokens, and weights for them that are as unequal as a model's. */
final class Gpt2Vocabulary {
    private static final String RESOURCE = "/conformance/vocab-gpt2.json";

    private Gpt2Vocabulary() {}

    static Vocabulary read() {
        URL resource = Objects.requireNonNull(Gpt2Vocabulary.class.getResource(RESOURCE), RESOURCE);
        try {
            return RecordedVocabulary.read(Path.of(resource.toURI()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code [vocab]}: they sum to 1. */
    static float[] probabilities(int vocabularySize, long seed) {
        Random random = new Random(seed);
        double[] weights = new double[vocabularySize];
        double sum = 0;
        for (int i = 0; i < vocabularySize; i++) {
            weights[i] = Math.exp(3 * random.nextGaussian());
            sum += weights[i];
        }
        float[] probabilities = new float[vocabularySize];
        for (int i = 0; i < vocabularySize; i++) {
            probabilities[i] = (float) (weights[i] / sum);
        }
        return probabilities;
    }
}
