package io.bytelm.lm.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** The model that ships with the project, and what an independent implementation computes from its weights. */
final class BundledModelRecording {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Log-probabilities (nats) of all tokens after a context. */
    record Reference(TokenContext context, double[] logProbs) {}

    private BundledModelRecording() {}

    static Path directory() {
        return BundledModel.directory();
    }

    static List<Reference> references() throws IOException {
        try (InputStream lines = Objects.requireNonNull(
                BundledModelRecording.class.getResourceAsStream("/tiny-en-reference/token_logprobs.jsonl"))) {
            List<Reference> references = new ArrayList<>();
            var values = JSON.readerFor(JsonNode.class).<JsonNode>readValues(lines);
            while (values.hasNext()) {
                JsonNode line = values.next();
                references.add(new Reference(
                        TokenContext.of(IntStream.range(0, line.get("context").size())
                                .map(i -> line.get("context").get(i).intValue())
                                .toArray()),
                        IntStream.range(0, line.get("logp").size())
                                .mapToDouble(i -> line.get("logp").get(i).doubleValue())
                                .toArray()));
            }
            return references;
        }
    }

    /** The largest difference of log-probabilities. */
    static double maxDifference(float[] probabilities, double[] logProbs) {
        return IntStream.range(0, logProbs.length)
                .mapToDouble(i -> Math.abs(Math.log(probabilities[i]) - logProbs[i]))
                .max()
                .orElseThrow();
    }

    static double[] logs(float[] probabilities) {
        return IntStream.range(0, probabilities.length)
                .mapToDouble(i -> Math.log(probabilities[i]))
                .toArray();
    }
}
