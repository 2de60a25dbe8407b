package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Of a configuration that was changed at random comes transformers' number, or a refusal that names what was changed. */
class ConfigMutationsTest {
    private static final double NATS = 1e-3;

    @TempDir
    Path directory;

    static List<String> architectures() {
        return ConfigMutation.architectures();
    }

    @ParameterizedTest
    @MethodSource("architectures")
    void changedConfigurationsGiveTheNumbersOfTransformersOrAreRefusedByName(String architecture, TestReporter reporter)
            throws IOException {
        List<String> wrong = new ArrayList<>();
        int computed = 0;
        int accepted = 0;
        for (ConfigMutation mutation : ConfigMutation.of(architecture)) {
            computed += mutation.isComputed() ? 1 : 0;
            mutation.checkpoint().write(directory, StoredType.F32);
            try {
                ModelConfig config = ModelConfig.read(directory);
                if (mutation.isComputed()) {
                    double difference = difference(mutation, config);
                    accepted++;
                    if (!(difference < NATS)) {
                        wrong.add(difference + " nats: " + mutation);
                    }
                }
            } catch (ModelException e) {
                if (!namesTheChange(mutation, e)) {
                    wrong.add("refused by another name: " + e.getMessage() + ": " + mutation);
                }
            }
        }
        reporter.publishEntry(
                architecture,
                accepted + " of " + computed + " changed configurations that transformers computes are computed, the"
                        + " others refused");
        assertThat(wrong).isEmpty();
        assertThat(accepted).isGreaterThan(computed / 4);
    }

    @Test
    void everyArchitectureThatCanBeReadHasChangedConfigurations() throws IOException {
        Files.writeString(directory.resolve("config.json"), "{\"architectures\": [\"Unknown\"]}");
        assertThatThrownBy(() -> ModelConfig.read(directory))
                .isInstanceOf(ModelException.class)
                .hasMessageEndingWith("; supported are " + String.join(", ", architectures()));
    }

    /** Of a model with as little memory, and so time, as the contexts need. */
    private double difference(ConfigMutation mutation, ModelConfig config) {
        int tokens = Math.min(48, config.maxPositions());
        List<TokenContext> read = mutation.contexts().stream()
                .filter(context -> context.length() <= tokens)
                .toList();
        DjlModelSettings settings = DjlModelSettings.of(directory)
                .withThreads(1)
                .withContext(tokens, tokens)
                .withCacheBytes(1 << 16);
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            return mutation.largestDifference(model.nextTokenProbabilities(read));
        }
    }

    /** It names a key that was changed, or a tensor that does not fit to it. */
    private static boolean namesTheChange(ConfigMutation mutation, ModelException e) {
        return Stream.concat(mutation.keys().stream(), Stream.of("tensor"))
                .anyMatch(String.valueOf(e.getMessage())::contains);
    }
}
