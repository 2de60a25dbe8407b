package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * A published model, too large to lie here, gives the numbers of transformers that {@code src/test/python/published_models.py}
 * wrote into its directory.
 */
@EnabledIfSystemProperty(named = PublishedModelTest.MODEL, matches = ".+")
class PublishedModelTest {
    static final String MODEL = "published.model";

    private static final double NATS = 1e-3;

    @Test
    void eachTokenHasTheLogProbabilityOfTransformers(TestReporter reporter) throws IOException {
        Path directory = Path.of(System.getProperty(MODEL));
        JsonNode texts =
                new ObjectMapper().readTree(directory.resolve("reference.json").toFile());
        double worst = 0;
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            for (JsonNode text : texts) {
                worst = Math.max(worst, largestDifference(model, text));
            }
        }
        reporter.publishEntry(directory.getFileName().toString(), "largest difference of a token: " + worst + " nats");
        assertThat(texts).isNotEmpty();
        assertThat(worst).isLessThan(NATS);
    }

    private static double largestDifference(DjlLanguageModel model, JsonNode text) {
        int count = text.get("logp").size();
        List<TokenContext> contexts = new ArrayList<>();
        int[] next = new int[count];
        TokenContext context = TokenContext.of(text.get("tokens").get(0).asInt());
        for (int i = 0; i < count; i++) {
            contexts.add(context);
            next[i] = text.get("tokens").get(i + 1).asInt();
            context = context.plus(next[i]);
        }
        float[] scores = model.nextTokenLogProbabilities(contexts, next);
        double worst = 0;
        for (int i = 0; i < count; i++) {
            worst = Math.max(worst, Math.abs(scores[i] - text.get("logp").get(i).asDouble()));
        }
        return worst;
    }
}
