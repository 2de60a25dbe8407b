package io.bytelm.trie;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.RecordedVocabulary;
import io.bytelm.vocab.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The values that the reference's trie computed, recorded in {@code trie.jsonl}. */
class TrieConformanceTest {
    private static final Path OWN = Path.of("src/test/resources/conformance");

    static Stream<Arguments> cases() throws IOException {
        List<Arguments> cases = new ArrayList<>();
        for (Path directory : directories()) {
            List<String> lines = Files.readAllLines(directory.resolve("trie.jsonl"));
            for (int i = 0; i < lines.size(); i++) {
                cases.add(Arguments.of(directory, i + 1, lines.get(i)));
            }
        }
        return cases.stream();
    }

    /** The project's own recordings, and those of {@code -Dconformance.dir} if it is set. */
    private static List<Path> directories() {
        String more = System.getProperty("conformance.dir", "");
        return more.isEmpty() || more.startsWith("${") ? List.of(OWN) : List.of(OWN, Path.of(more));
    }

    @ParameterizedTest(name = "{0}, line {1}")
    @MethodSource("cases")
    void everyValueEqualsTheReferences(Path directory, int line, String json) throws IOException {
        JsonNode recorded = new ObjectMapper().readTree(json);
        Vocabulary vocabulary = RecordedVocabulary.read(
                directory.resolve("vocab-" + recorded.get("vocab").asText() + ".json"));
        TokenByteTrie trie = new TokenByteTrie(vocabulary, tokens(vocabulary, recorded.get("atomic_tokens")));
        int[] eos = trie.eosPositions(tokens(vocabulary, recorded.get("eos_tokens")));
        float[] columns = columnsAfter(trie, recorded.get("context"));

        SubtreeWeights withoutEos = new SubtreeWeights(trie, columns);
        assertRecorded(recorded.get("sum_without_eos"), trie, withoutEos.sums(), withoutEos);
        SubtreeWeights withEos = new SubtreeWeights(trie, columns, eos);
        assertRecorded(recorded.get("sum_with_eos"), trie, withEos.sums(), withEos);
        assertRecorded(recorded.get("max"), trie, withoutEos.maxima(), withoutEos);
    }

    private static void assertRecorded(JsonNode recorded, TokenByteTrie trie, double[] values, SubtreeWeights weights) {
        int compared = 0;
        for (var node : recorded.path("nodes").properties()) {
            byte[] prefix = HexFormat.of().parseHex(node.getKey());
            double want = node.getValue().asDouble();
            assertThat(nodesOf(trie, prefix))
                    .as("a node of prefix %s with value %s", node.getKey(), want)
                    .anyMatch(n -> isClose(values[n], want));
            compared++;
        }
        Map<String, Double> atLeaves = weightOfEachToken(trie, weights);
        for (var leaf : recorded.path("leaves").properties()) {
            Double sum = atLeaves.get(leaf.getKey());
            assertThat(sum)
                    .as("token %s", leaf.getKey())
                    .isNotNull()
                    .matches(value -> isClose(value, leaf.getValue().asDouble()));
            compared++;
        }
        if (recorded.has("eos")) {
            assertThat(values[trie.eosNode()])
                    .as("the EOS node")
                    .matches(value -> isClose(value, recorded.get("eos").asDouble()));
        }
        assertThat(compared).as("values compared").isPositive();
    }

    private static Map<String, Double> weightOfEachToken(TokenByteTrie trie, SubtreeWeights weights) {
        Map<String, Double> byHex = new HashMap<>();
        for (int position = 0; position < trie.vocabulary().size(); position++) {
            String hex = HexFormat.of().formatHex(trie.vocabulary().bytes(trie.token(position)));
            byHex.merge(hex, weights.at(position), Double::sum);
        }
        return byHex;
    }

    /** The node that the bytes lead to, and the atomic token's: the recording's key is the same for both. */
    private static List<Integer> nodesOf(TokenByteTrie trie, byte[] prefix) {
        List<Integer> nodes = new ArrayList<>();
        if (trie.find(prefix) != TokenByteTrie.NONE) {
            nodes.add(trie.find(prefix));
        }
        IntStream.range(trie.firstAtomicNode(), trie.eosNode())
                .filter(node -> Arrays.equals(trie.prefix(node), prefix))
                .forEach(nodes::add);
        return nodes;
    }

    private static boolean isClose(double actual, double recorded) {
        return Math.abs(actual - recorded) <= 1e-5 * Math.abs(recorded) + 1e-8;
    }

    private static float[] columnsAfter(TokenByteTrie trie, JsonNode context) {
        int[] tokens = ints(context);
        float[] byToken =
                new PortableModel(trie.vocabulary().size()).nextTokenProbabilities(List.of(TokenContext.of(tokens)))[0];
        return SubtreeWeightsTest.inColumns(trie, byToken);
    }

    private static int[] tokens(Vocabulary vocabulary, JsonNode hexTokens) {
        return StreamSupport.stream(hexTokens.spliterator(), false)
                .map(hex -> HexFormat.of().parseHex(hex.asText()))
                .flatMapToInt(bytes -> IntStream.range(0, vocabulary.size())
                        .filter(token -> Arrays.equals(vocabulary.bytes(token), bytes)))
                .toArray();
    }

    private static int[] ints(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
