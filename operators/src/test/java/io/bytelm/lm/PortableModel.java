package io.bytelm.lm;

import java.util.List;

/**
 * The token model of the conformance cases: it needs no weights, only 64-bit integers. Its log-probabilities are rounded
 * to float32 as the recordings' were.
 */
public final class PortableModel implements LanguageModel {
    private static final long SEED = 0x5EEDB17EL;

    private final int vocabularySize;

    public PortableModel(int vocabularySize) {
        this.vocabularySize = vocabularySize;
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        return contexts.stream().map(c -> probabilities(c.tokens())).toArray(float[][]::new);
    }

    private float[] probabilities(int[] context) {
        long state = SEED;
        for (int token : context) {
            state = mix(state ^ (token + 1L));
        }
        double[] logits = new double[vocabularySize];
        double sum = 0;
        for (int i = 0; i < vocabularySize; i++) {
            logits[i] = 12.0 * (mix(state ^ mix(i + 1L)) >>> 11) * 0x1p-53;
            sum += Math.exp(logits[i]);
        }
        double logSum = Math.log(sum);
        float[] probabilities = new float[vocabularySize];
        for (int i = 0; i < vocabularySize; i++) {
            probabilities[i] = (float) Math.exp((float) (logits[i] - logSum));
        }
        return probabilities;
    }

    /** splitmix64. */
    private static long mix(long value) {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    @Override
    public void close() {}
}
