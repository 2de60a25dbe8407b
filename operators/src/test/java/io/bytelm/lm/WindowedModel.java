package io.bytelm.lm;

import java.util.List;

/** A model that reads only so much of a context. */
public record WindowedModel(LanguageModel model, ContextWindow window) implements LanguageModel {
    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
        return model.nextTokenProbabilities(contexts.stream().map(window::apply).toList());
    }

    @Override
    public long contextTokens() {
        return window.maxTokens();
    }

    @Override
    public void close() {
        model.close();
    }
}
