package io.bytelm.lm;

/** Opens a model whose columns come in a given order. */
@FunctionalInterface
public interface ModelOpener {
    /**
     * @param columnOrder {@code [vocab]}: column {@code j} of every row of probabilities belongs to token
     *     {@code columnOrder[j]}
     * @throws ModelException if the model cannot be loaded
     */
    LanguageModel open(int[] columnOrder);
}
