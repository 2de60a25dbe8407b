package io.bytelm.job;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.checkpoint.Checkpoint;
import io.bytelm.lm.checkpoint.CheckpointFingerprint;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
import io.bytelm.vocab.VocabularyReader;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A model's directory as it is on this machine, read without the engine. */
final class ModelFiles {
    private ModelFiles() {}

    /**
     * Reads configuration and tokenizer, and samples of the weights.
     *
     * @param bos the token that contexts begin with; null for the one that the files name
     * @throws UserException if a file is missing or damaged
     */
    static KnownModel read(ModelLocation location, @Nullable String bos) {
        try {
            Vocabulary vocabulary = VocabularyReader.fromModelDirectory(location.directory(), bos);
            return new KnownModel(
                    vocabulary,
                    Map.of(
                            "vocabulary",
                            HexFormat.of().toHexDigits(vocabulary.fingerprint()),
                            "weights",
                            weights(location)));
        } catch (ModelException | VocabularyException e) {
            throw new UserException(
                    e.getMessage() + "; a cluster's model must lie at the same path on this machine and on every"
                            + " TaskManager's (--model)",
                    e);
        }
    }

    private static String weights(ModelLocation location) {
        ModelConfig config = ModelConfig.read(location.directory());
        try (Checkpoint checkpoint = Checkpoint.open(location, config)) {
            return CheckpointFingerprint.of(checkpoint, config);
        }
    }
}
