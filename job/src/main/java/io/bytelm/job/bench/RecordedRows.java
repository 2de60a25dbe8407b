package io.bytelm.job.bench;

import io.bytelm.lm.LanguageModel;
import io.bytelm.lm.TokenContext;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The rows that a model gave, by context, and a model that gives them again at no cost. */
final class RecordedRows {
    private final Map<TokenContext, float[]> rows = new ConcurrentHashMap<>();

    /** Records what {@code model} answers. */
    LanguageModel recording(LanguageModel model) {
        return new Rows(model.vocabularySize()) {
            @Override
            public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
                float[][] answers = model.nextTokenProbabilities(contexts);
                for (int i = 0; i < answers.length; i++) {
                    rows.put(contexts.get(i), answers[i]);
                }
                return answers;
            }
        };
    }

    /** Answers from memory; only what was recorded may be asked. */
    LanguageModel replaying(int vocabularySize) {
        return new Rows(vocabularySize) {
            @Override
            public float[][] nextTokenProbabilities(List<TokenContext> contexts) {
                return contexts.stream().map(RecordedRows.this::recorded).toArray(float[][]::new);
            }
        };
    }

    private float[] recorded(TokenContext context) {
        float[] row = rows.get(context);
        if (row == null) {
            throw new IllegalStateException("nothing was recorded for " + context);
        }
        return row;
    }

    private abstract static class Rows implements LanguageModel {
        private final int vocabularySize;

        Rows(int vocabularySize) {
            this.vocabularySize = vocabularySize;
        }

        @Override
        public int vocabularySize() {
            return vocabularySize;
        }

        @Override
        public void close() {}
    }
}
