package io.bytelm.lm;

import java.util.List;

/** A model that gives its probabilities by token id, its columns put into another order. */
public final class ReorderedModel implements LanguageModel {
    private final LanguageModel byTokenId;
    private final int[] columnOrder;

    /**
     * @param columnOrder {@code [vocab]}: the token id of each column
     * @throws ModelException if there is not one column a token
     */
    public ReorderedModel(LanguageModel byTokenId, int[] columnOrder) {
        if (columnOrder.length != byTokenId.vocabularySize()) {
            throw new ModelException("the model has " + byTokenId.vocabularySize() + " token ids, the tokenizer "
                    + columnOrder.length + ": take both from the same directory");
        }
        this.byTokenId = byTokenId;
        this.columnOrder = columnOrder.clone();
    }

    @Override
    public int vocabularySize() {
        return columnOrder.length;
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        float[][] rows = byTokenId.nextTokenProbabilities(contexts);
        float[][] reordered = new float[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            reordered[i] = reorder(rows[i]);
        }
        return reordered;
    }

    @Override
    public void prefetch(List<TokenContext> contexts) {
        byTokenId.prefetch(contexts);
    }

    @Override
    public long keptTokens() {
        return byTokenId.keptTokens();
    }

    @Override
    public long contextTokens() {
        return byTokenId.contextTokens();
    }

    @Override
    public ModelIdentity identity() {
        return byTokenId.identity();
    }

    private float[] reorder(float[] row) {
        float[] reordered = new float[columnOrder.length];
        for (int column = 0; column < columnOrder.length; column++) {
            reordered[column] = row[columnOrder[column]];
        }
        return reordered;
    }

    @Override
    public void close() {
        byTokenId.close();
    }
}
