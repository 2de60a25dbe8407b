package io.bytelm.beam;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
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

/** Reads the cases of {@code beam.jsonl}: the test resources', and those of {@code -Dconformance.dir}. */
final class RecordedBeams {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .build();

    private RecordedBeams() {}

    record Case(String name, Vocabulary vocabulary, JsonNode json) {
        BeamParams params() {
            JsonNode params = json.get("params");
            int[] eosTokens = IntStream.range(0, vocabulary.size())
                    .filter(token -> contains(params.get("eos_tokens"), vocabulary.bytes(token)))
                    .toArray();
            return new BeamParams(
                    limit(params.get("K")),
                    params.get("prune_threshold").asDouble(),
                    eosTokens,
                    params.get("heal").asBoolean(),
                    limit(params.get("heal_max_backoff")),
                    limit(params.get("heal_max_splits")));
        }
    }

    static List<Case> readAll() throws IOException {
        List<Path> directories = new ArrayList<>(
                List.of(Path.of("src/test/resources/conformance"), Path.of("src/test/resources/conformance-edge")));
        String more = System.getProperty("conformance.dir", "");
        if (!more.isEmpty() && !more.startsWith("${")) {
            directories.add(Path.of(more));
        }
        List<Case> cases = new ArrayList<>();
        for (Path directory : directories) {
            readAll(directory, cases);
        }
        return cases;
    }

    private static void readAll(Path directory, List<Case> cases) throws IOException {
        Map<String, Vocabulary> vocabularies = new HashMap<>();
        for (String line : Files.readAllLines(directory.resolve("beam.jsonl"))) {
            JsonNode json = JSON.readTree(line);
            String name = json.get("vocab").asText();
            if (!vocabularies.containsKey(name)) {
                vocabularies.put(name, RecordedVocabulary.read(directory.resolve("vocab-" + name + ".json")));
            }
            cases.add(new Case(json.get("name").asText(), vocabularies.get(name), json));
        }
    }

    private static boolean contains(JsonNode tokens, byte[] bytes) {
        for (JsonNode token : tokens) {
            if (Arrays.equals(bytes(token), bytes)) {
                return true;
            }
        }
        return false;
    }

    private static int limit(JsonNode json) {
        return json.isNull() ? BeamParams.UNLIMITED : json.asInt();
    }

    /** Null is minus infinity; NaN stays NaN. */
    static double number(JsonNode json) {
        return json.isNull() ? Double.NEGATIVE_INFINITY : json.asDouble();
    }

    static double[] numbers(JsonNode json) {
        return IntStream.range(0, json.size())
                .mapToDouble(i -> number(json.get(i)))
                .toArray();
    }

    /** From hex; null is no bytes. */
    static byte[] bytes(JsonNode json) {
        return json.isNull() ? new byte[0] : HexFormat.of().parseHex(json.asText());
    }
}
