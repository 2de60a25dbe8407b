package io.bytelm.job;

import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelLocation;
import io.bytelm.lm.checkpoint.ModelSummary;
import io.bytelm.lm.djl.ModelMemory;
import io.bytelm.lm.djl.Precision;
import io.bytelm.lm.djl.StatePrecision;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TokenizerRules;
import io.bytelm.vocab.ByteCoverage;
import io.bytelm.vocab.ModelVocabulary;
import io.bytelm.vocab.NormalizerDescription;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.TokenizerSummary;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is read of a model before it is evaluated: without the engine, and of the weights only the headers.
 *
 * @param summary of configuration and weights
 * @param weightBytes the memory that the weights take, by precision
 * @param stateBytes the memory that the states of one token take, by what keys and values are kept in; only those that the
 *     model can be run with
 * @param normalizer what the tokenizer does to a text before it is cut into tokens
 * @param canonicalCoverage which bytes canonical tokenizations can spell; null if those cannot be followed
 * @param canonicalRefusal why canonical tokenizations cannot be followed, in one line; null if they can
 * @param rowsWithoutToken rows of the output that stand for no token
 */
public record ModelReport(
        ModelSummary summary,
        Map<Precision, Long> weightBytes,
        Map<StatePrecision, Long> stateBytes,
        Vocabulary vocabulary,
        TokenizerSummary tokenizer,
        NormalizerDescription normalizer,
        @Nullable ByteCoverage canonicalCoverage,
        @Nullable String canonicalRefusal,
        long rowsWithoutToken) {
    /**
     * Reads it.
     *
     * @throws io.bytelm.lm.ModelException if the model cannot be scored with; one line says why
     * @throws io.bytelm.vocab.VocabularyException if its tokenizer cannot be
     */
    public static ModelReport of(ModelLocation location) {
        ModelSummary summary = ModelSummary.read(location);
        ModelConfig config = summary.config();
        ModelVocabulary read = VocabularyReader.readAloud(location.directory(), null);
        Vocabulary vocabulary = read.vocabulary();
        Map<Precision, Long> weightBytes = new EnumMap<>(Precision.class);
        for (Precision precision : Precision.values()) {
            weightBytes.put(precision, ModelMemory.weightBytes(config, summary.values(), precision));
        }
        Map<StatePrecision, Long> stateBytes = new EnumMap<>(StatePrecision.class);
        for (StatePrecision precision : StatePrecision.values()) {
            if (precision.fits(config)) {
                stateBytes.put(precision, ModelMemory.stateBytesPerToken(config, precision));
            }
        }
        Canonical canonical = Canonical.of(location.directory(), vocabulary);
        return new ModelReport(
                summary,
                weightBytes,
                stateBytes,
                vocabulary,
                read.tokenizer(),
                NormalizerDescription.ofModelDirectory(location.directory()),
                canonical.coverage(),
                canonical.refusal(),
                IntStream.range(0, vocabulary.size())
                        .filter(id -> vocabulary.kind(id) == TokenKind.EMPTY)
                        .count());
    }

    private record Canonical(
            @Nullable ByteCoverage coverage, @Nullable String refusal) {
        static Canonical of(Path directory, Vocabulary vocabulary) {
            try {
                return new Canonical(
                        TokenizerRules.ofModelDirectory(directory, vocabulary)
                                .get()
                                .coverage(),
                        null);
            } catch (NoCanonicalTokenizationsException e) {
                return new Canonical(null, e.getMessage());
            }
        }
    }
}
