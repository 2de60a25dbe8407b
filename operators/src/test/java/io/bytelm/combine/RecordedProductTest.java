package io.bytelm.combine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.ModelsTogether;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against genlm-control's product of two models with different tokenizers, as combined_bytes.py recorded it. */
class RecordedProductTest {
    private static final Path RESOURCES = Path.of("src/test/resources");
    private static final double TOLERANCE = 1e-3;
    /** The reference keeps masses in float32, as the other recordings say. */
    private static final double TOO_RARE = -60;

    private final Vocabulary english = vocabulary("english");
    private final Vocabulary gappy = vocabulary("gappy");

    private static Vocabulary vocabulary(String name) {
        try {
            return RecordedVocabulary.read(RESOURCES.resolve("conformance/vocab-" + name + ".json"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static BruteForceTrieLmService service(Vocabulary vocabulary) {
        return new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
    }

    private static BeamParams params(JsonNode recorded, Vocabulary vocabulary) {
        int[] eos = recorded.get("eos").isNull()
                ? new int[0]
                : vocabulary.idsOf(HexFormat.of().parseHex(recorded.get("eos").asText()));
        return new BeamParams(
                recorded.get("k").asInt(),
                recorded.get("prune_threshold").asDouble(),
                eos,
                true,
                BeamParams.UNLIMITED,
                BeamParams.UNLIMITED);
    }

    /** 256 bytes and the end. */
    private static NextByteDistribution distribution(JsonNode weights) {
        double[] logProbs = new double[Symbols.COUNT];
        Arrays.fill(logProbs, Double.NEGATIVE_INFINITY);
        for (int i = 0; i < weights.size(); i++) {
            int symbol = i == 256 ? Symbols.EOS : i;
            logProbs[symbol] = weights.get(i).isNull()
                    ? Double.NEGATIVE_INFINITY
                    : weights.get(i).asDouble();
        }
        return NextByteDistribution.of(logProbs);
    }

    @Test
    void theProductIsThatOfGenlmControl() throws IOException {
        ServiceAnswers answers = new ServiceAnswers(new ModelsTogether(List.of(service(english), service(gappy))));
        int compared = 0;
        for (String line : Files.readAllLines(RESOURCES.resolve("combined/product.jsonl"))) {
            JsonNode recorded = new ObjectMapper().readTree(line);
            byte[] prefix = HexFormat.of().parseHex(recorded.get("prefix").asText());
            List<ModelBeam> texts = List.of(english, gappy).stream()
                    .map(v -> new ModelBeam(Beam.initial(v.bosToken(), params(recorded, v))))
                    .toList();
            CombinedText.Expected expected = CombinedText.begin(texts, Combination.product(List.of(1.0, 1.0)))
                    .readGiven(prefix, 0, prefix.length)
                    .then(read -> read.predict(Lookahead.NONE))
                    .run(answers);
            String what =
                    "prefix " + recorded.get("prefix") + ", k " + recorded.get("k") + ", eos " + recorded.get("eos");
            assertSame(what + ", english", expected.each().get(0), distribution(recorded.get("english")));
            assertSame(what + ", gappy", expected.each().get(1), distribution(recorded.get("gappy")));
            NextByteDistribution product = distribution(recorded.get("product"));
            assertThat(product.isDeadEnd()).as(what).isFalse();
            assertSame(what + ", product", expected.next(), product.normalize());
            compared++;
        }
        assertThat(compared).isEqualTo(40);
    }

    private static void assertSame(String what, NextByteDistribution actual, NextByteDistribution expected) {
        for (int symbol = 0; symbol < Symbols.COUNT; symbol++) {
            if (expected.logProb(symbol) > TOO_RARE) {
                assertThat(actual.logProb(symbol))
                        .as("%s, symbol %s", what, Symbols.label(symbol))
                        .isCloseTo(expected.logProb(symbol), within(TOLERANCE));
            } else {
                assertThat(actual.logProb(symbol))
                        .as("%s, symbol %s", what, symbol)
                        .isLessThan(TOO_RARE + 1);
            }
        }
    }
}
