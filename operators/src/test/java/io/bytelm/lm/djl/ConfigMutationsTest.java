package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.ModelException;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
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
            try (DjlLanguageModel model =
                    DjlLanguageModel.open(DjlModelSettings.of(directory).withThreads(1).withCacheBytes(1 << 20))) {
                if (mutation.isComputed()) {
                    accepted++;
                    double difference = difference(mutation, model);
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

    private static double difference(ConfigMutation mutation, DjlLanguageModel model) {
        float[][] rows = new float[2][];
        List<TokenContext> contexts = mutation.contexts();
        List<TokenContext> read = contexts.stream()
                .filter(context -> context.length() <= model.window().maxTokens())
                .toList();
        float[][] computed = model.nextTokenProbabilities(read);
        System.arraycopy(computed, 0, rows, 0, computed.length);
        return mutation.largestDifference(rows);
    }

    /** It names a key that was changed, or a tensor that does not fit to it. */
    private static boolean namesTheChange(ConfigMutation mutation, ModelException e) {
        return Stream.concat(mutation.keys().stream(), Stream.of("tensor"))
                .anyMatch(String.valueOf(e.getMessage())::contains);
    }
}
