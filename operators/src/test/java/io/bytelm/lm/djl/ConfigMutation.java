package io.bytelm.lm.djl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A configuration that was changed at random, and what transformers made of it, as {@code
 * src/test/python/config_mutations.py} wrote it.
 *
 * @param architecture that the configuration names unless the case is another one
 * @param name the architecture and the case's number
 * @param json the case
 */
record ConfigMutation(String architecture, String name, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIRECTORY = "/random-models/mutations/";

    /** Architectures that have the cases of others, whose code they have. */
    private static final Map<String, String> OTHER_NAMES = Map.of("MPTForCausalLM", "MptForCausalLM");

    private static final int[] LENGTHS = {12, 40};
    private static final int[] TOKENS = {0, 7, 19, 33, 60};

    static List<String> architectures() {
        try (Stream<Path> files = Files.list(Path.of(Objects.requireNonNull(ConfigMutation.class.getResource(DIRECTORY))
                .toURI()))) {
            return Stream.concat(
                            files.map(file -> file.getFileName().toString().replace(".json", "")),
                            OTHER_NAMES.keySet().stream())
                    .sorted()
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static List<ConfigMutation> of(String architecture) {
        try {
            String file = DIRECTORY + OTHER_NAMES.getOrDefault(architecture, architecture) + ".json";
            JsonNode cases = JSON.readTree(Objects.requireNonNull(ConfigMutation.class.getResource(file)));
            List<ConfigMutation> mutations = new ArrayList<>();
            cases.forEach(json ->
                    mutations.add(new ConfigMutation(architecture, architecture + " " + mutations.size(), json)));
            return mutations;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private FamilyRecording base() {
        return FamilyRecording.named(json.get("base").asText());
    }

    /** The changed configuration with tensors that follow it, unless the case is that they do not. */
    RandomCheckpoint checkpoint() {
        FamilyRecording base = base();
        ObjectNode config = json.get("of").asText().equals("legacy") ? base.legacy() : base.config();
        config.putArray("architectures").add(architecture);
        json.get("set")
                .properties()
                .forEach(change -> object(config, change.getKey()).set(last(change.getKey()), change.getValue()));
        json.path("drop").forEach(key -> object(config, key.asText()).remove(last(key.asText())));
        Map<String, long[]> shapes = base.shapes();
        List<String> stored = List.copyOf(shapes.keySet());
        json.path("tensors").properties().forEach(change -> {
            List<String> named =
                    change.getKey().contains("*") ? everyLayer(change.getKey(), stored) : List.of(change.getKey());
            named.forEach(name -> reshape(shapes, name, change.getValue()));
        });
        return new RandomCheckpoint(config, shapes);
    }

    private static void reshape(Map<String, long[]> shapes, String name, JsonNode shape) {
        if (shape.isNull()) {
            shapes.remove(name);
        } else {
            shapes.put(name, JSON.convertValue(shape, long[].class));
        }
    }

    /** The name with the number of each layer in place of the star. */
    private static List<String> everyLayer(String name, List<String> stored) {
        int star = name.indexOf('*');
        String before = name.substring(0, star);
        return stored.stream()
                .filter(other -> other.startsWith(before))
                .map(other -> other.substring(star, other.indexOf('.', star)))
                .distinct()
                .map(number -> before + number + name.substring(star + 1))
                .toList();
    }

    private static ObjectNode object(ObjectNode config, String key) {
        ObjectNode object = config;
        String[] path = key.split("\\.");
        for (int i = 0; i < path.length - 1; i++) {
            object = (ObjectNode) object.get(path[i]);
        }
        return object;
    }

    private static String last(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** The keys that were set or dropped, and those of the objects that they stand in. */
    List<String> keys() {
        return Stream.concat(
                        json.get("set").properties().stream().map(Map.Entry::getKey),
                        StreamSupport.stream(json.path("drop").spliterator(), false)
                                .map(JsonNode::asText))
                .flatMap(key -> Stream.of(key.split("\\.")))
                .toList();
    }

    /** Whether transformers computes it. */
    boolean isComputed() {
        return json.has("logp");
    }

    /** The contexts after which transformers' numbers are recorded. */
    List<TokenContext> contexts() {
        return base().contexts(LENGTHS);
    }

    /**
     * The largest difference (nats) of some tokens' log-probabilities from transformers'.
     *
     * @param rows {@code [contexts][vocab]}: probabilities after the first contexts; at least one
     */
    double largestDifference(float[][] rows) {
        double worst = 0;
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < TOKENS.length; j++) {
                double expected = json.get("logp").get(i).get(j).asDouble();
                worst = Math.max(worst, Math.abs(Math.log(rows[i][TOKENS[j]]) - expected)); // no number remains one
            }
        }
        return worst;
    }

    @Override
    public String toString() {
        return name + " " + json;
    }
}
