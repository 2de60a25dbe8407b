package io.bytelm.lm.djl;

import ai.djl.ndarray.NDArray;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredModel;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The matrices with a row for each token: the embedding, and the output layer, which is often the same. Columns of the output
 * layer come in the order that the caller wants its probabilities in, so that no step has to permute them.
 *
 * @param embedding {@code [vocab, hidden]}: in float32, or in bfloat16 where it is stored so and nothing needs it otherwise
 * @param outputLayer what stands for it among the weights, see {@link LinearWeights}
 * @param outputBias {@code [vocab]}; null if there is none
 */
record TokenMatrices(
        NDArray embedding, NDArray outputLayer, @Nullable NDArray outputBias) {
    private static final Logger LOG = LoggerFactory.getLogger(TokenMatrices.class);

    /**
     * Loads them.
     *
     * @param columnOrder the token of each output column; null for the model's order
     * @throws io.bytelm.lm.ModelException if one is missing
     */
    static TokenMatrices load(
            ModelConfig config, TensorLoader loader, LinearWeights linears, int @Nullable [] columnOrder) {
        return new Loading(config, loader, linears, columnOrder).run();
    }

    /** @param fitsHalf whether float16 is known to hold it */
    private record Matrix(NDArray values, boolean fitsHalf) {}

    private record Loading(
            ModelConfig config, TensorLoader loader, LinearWeights linears, int @Nullable [] columnOrder) {
        TokenMatrices run() {
            StoredModel stored = config.weights();
            String embeddingName = stored.prefix(loader.checkpoint()::contains) + stored.embedding();
            String head = stored.head(loader.checkpoint()::contains);
            Matrix embedding = matrix(embeddingName);
            Matrix plain = outputMatrix(embedding, embeddingName, head + ".weight");
            NDArray bias = stored.headBiased() ? bias(head + ".bias") : null;
            return new TokenMatrices(embedding.values(), packed(plain, embedding.values(), bias), bias);
        }

        private Matrix matrix(String name) {
            int vocabulary = config.vocabularySize();
            NDArray stored = linears.packsOutputOfAnyType()
                    ? loader.bfloat16Matrix(name, vocabulary, config.hiddenSize())
                    : null;
            if (stored == null) {
                NDArray wide = loader.matrix(name, vocabulary, config.hiddenSize());
                return new Matrix(wide, loader.isKnownToFitHalf());
            }
            if (loader.isKnownToFitHalf()) {
                return new Matrix(stored, true);
            }
            try (stored) {
                return new Matrix(loader.widened(stored), false);
            }
        }

        private NDArray packed(Matrix matrix, NDArray embedding, @Nullable NDArray bias) {
            NDArray plain = matrix.values();
            NDArray ordered = columnOrder == null ? plain : loader.selectRows(plain, columnOrder);
            NDArray packed = linears.outputLayer(ordered, bias, matrix.fitsHalf());
            for (NDArray temporary : List.of(plain, ordered)) {
                if (temporary != embedding && temporary != packed) {
                    temporary.close();
                }
            }
            return packed;
        }

        private Matrix outputMatrix(Matrix embedding, String shared, String name) {
            if (hasOwnHead(shared, name)) {
                return matrix(name);
            }
            Checkpoint checkpoint = loader.checkpoint();
            boolean same = checkpoint.change(shared).equals(checkpoint.change(name))
                    && !checkpoint.isCopied(shared)
                    && checkpoint.change(shared).lowRank() == null;
            return same
                    ? embedding
                    : new Matrix(
                            loader.sharedMatrix(shared, name, config.vocabularySize(), config.hiddenSize()), false);
        }

        private NDArray bias(String name) {
            NDArray bias = loader.vector(name, config.vocabularySize(), 0, 1);
            if (columnOrder == null) {
                return bias;
            }
            try (bias) {
                return loader.selectRows(bias, columnOrder);
            }
        }

        /** Whether the output layer is not the embedding. Transformers 5 takes a stored one even if it is to be tied. */
        private boolean hasOwnHead(String embedding, String name) {
            if (!config.tiedEmbeddings() || loader.checkpoint().isReplaced(name)) {
                return true;
            }
            if (!loader.checkpoint().contains(name)
                    || loader.areEqual(name, embedding, config.vocabularySize(), config.hiddenSize())) {
                return false;
            }
            LOG.warn(
                    "the configuration ties the output layer to the embedding '{}', but the weights hold another one, '{}':"
                            + " that one is used, as transformers 5 does (4 would use the embedding)",
                    embedding,
                    name);
            return true;
        }
    }
}
