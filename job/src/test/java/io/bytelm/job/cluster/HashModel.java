package io.bytelm.job.cluster;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A language model without weights: a token's probability is a hash of the whole context and the token, so that a lost,
 * repeated or swapped byte changes every later score. Costs next to no computation; an evaluation takes a while all the
 * same, as that of a real model does.
 */
final class HashModel implements LanguageModel {
    private static final List<String> WORDS = List.of(
            "th", "he", "in", "er", "an", " t", " a", "the", "ing", "and", " the", "on", "re", "ed", " s", "at", "en",
            "or", "it", " of", "is", "al", "ar", "st", "to", " to", "nd", "e ", "s ", "d ", ", ", ". ");

    private final int[] columnOrder;
    private final long pauseMillis;

    HashModel(int[] columnOrder, long pauseMillis) {
        this.columnOrder = columnOrder;
        this.pauseMillis = pauseMillis;
    }

    /** Every byte, some pieces of English words, and a token for the beginning of a text. */
    static Vocabulary newVocabulary() {
        List<byte[]> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        WORDS.forEach(word -> tokens.add(word.getBytes(StandardCharsets.UTF_8)));
        List<TokenKind> kinds = new ArrayList<>(Collections.nCopies(tokens.size(), TokenKind.NORMAL));
        tokens.add("<s>".getBytes(StandardCharsets.UTF_8));
        kinds.add(TokenKind.SPECIAL);
        return new Vocabulary(tokens, kinds, tokens.size() - 1, new byte[0]);
    }

    @Override
    public int vocabularySize() {
        return columnOrder.length;
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        pause();
        return contexts.stream().map(this::probabilities).toArray(float[][]::new);
    }

    private float[] probabilities(TokenContext context) {
        float[] row = new float[columnOrder.length];
        double sum = 0;
        for (int column = 0; column < row.length; column++) {
            long bits = mix(context.hashCode() * 0x9E3779B97F4A7C15L + columnOrder[column]);
            row[column] = 1 + (bits >>> 57); // 1 to 128
            sum += row[column];
        }
        for (int column = 0; column < row.length; column++) {
            row[column] = (float) (row[column] / sum);
        }
        return row;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014). */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private void pause() {
        try {
            Thread.sleep(pauseMillis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ModelException("interrupted while it pretended to work", e);
        }
    }

    @Override
    public void close() {}
}
