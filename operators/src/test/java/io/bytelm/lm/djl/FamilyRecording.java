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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What transformers computed for one tiny model, as {@code src/test/python/random_models.py} wrote it.
 *
 * @param name of the variant
 * @param json the recording
 */
record FamilyRecording(String name, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String DIRECTORY = "/random-models/families";

    /** Families whose norms multiply by one plus a weight: these grow what they read, rounding included. */
    private static final Pattern GROWING = Pattern.compile("(vault)?gemma.*|nemotron|qwen3-(5|next).*");

    /** Recordings of adapters, as {@code src/test/python/random_adapters.py} wrote them. */
    static final String ADAPTERS = "/random-models/adapters";

    static List<String> names() {
        return names(DIRECTORY);
    }

    static List<String> names(String directory) {
        try (Stream<Path> files =
                Files.list(Path.of(Objects.requireNonNull(FamilyRecording.class.getResource(directory))
                        .toURI()))) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .sorted()
                    .toList();
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static FamilyRecording named(String name) {
        return named(DIRECTORY, name);
    }

    static FamilyRecording named(String directory, String name) {
        try {
            return new FamilyRecording(
                    name,
                    JSON.readTree(Objects.requireNonNull(
                            FamilyRecording.class.getResource(directory + "/" + name + ".json"))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * How far two orders of the same float32 sums may be apart in a log-probability (nats). Without growing norms 1e-5
     * was the most that was seen; with them 1e-4, some contexts ten times as much as others.
     */
    double roundingNats() {
        return GROWING.matcher(name).matches() ? 1e-3 : 1e-4;
    }

    boolean hasLegacy() {
        return json.has("legacy");
    }

    /** A copy of the configuration that transformers 5 wrote. */
    ObjectNode config() {
        return json.get("config").deepCopy();
    }

    /** A copy of what transformers 4.57 wrote for the same model. */
    ObjectNode legacy() {
        return json.get("legacy").deepCopy();
    }

    RandomCheckpoint checkpoint(ObjectNode config) {
        return new RandomCheckpoint(config, shapes());
    }

    /** With tensors that transformers did not know. */
    RandomCheckpoint checkpointWith(Map<String, long[]> more) {
        Map<String, long[]> shapes = shapes();
        shapes.putAll(more);
        return new RandomCheckpoint(config(), shapes);
    }

    /** A copy of the adapter's configuration that peft wrote. */
    ObjectNode adapterConfig() {
        return json.get("adapter_config").deepCopy();
    }

    RandomCheckpoint adapter(ObjectNode adapterConfig) {
        return new RandomCheckpoint(adapterConfig, shapes("adapter_tensors"));
    }

    /** With tensors of its own in other shapes, or without those whose shape begins with 0, or with more. */
    RandomCheckpoint adapterWith(ObjectNode adapterConfig, Map<String, long[]> changed) {
        Map<String, long[]> shapes = shapes("adapter_tensors");
        shapes.putAll(changed);
        shapes.values().removeIf(shape -> shape[0] == 0);
        return new RandomCheckpoint(adapterConfig, shapes);
    }

    /** How many values all tensors have together: two in a byte of a block, none in a scale. */
    long values() {
        return shapes().entrySet().stream()
                .mapToLong(tensor -> Arrays.stream(tensor.getValue()).reduce(1, (a, b) -> a * b)
                        * (tensor.getKey().endsWith("_blocks")
                                ? 2
                                : tensor.getKey().endsWith("_scales") ? 0 : 1))
                .sum();
    }

    /** The name of a tensor outside the layers: the final norm's, or the embedding's where that norm has no weights. */
    String globalTensor() {
        return shapes().keySet().stream()
                .filter(name -> name.matches("(?!.*(layers|\\.h)\\.).*norm.*weight|.*ln_f\\.weight"))
                .findFirst()
                .orElse("model.embed_tokens.weight");
    }

    /** A copy of every tensor's shape, by name. */
    Map<String, long[]> shapes() {
        return shapes("tensors");
    }

    private Map<String, long[]> shapes(String key) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        json.get(key)
                .properties()
                .forEach(entry -> shapes.put(entry.getKey(), JSON.convertValue(entry.getValue(), long[].class)));
        return shapes;
    }

    /** The contexts: beginnings of one text. */
    List<TokenContext> contexts() {
        return contexts(JSON.convertValue(json.get("lengths"), int[].class));
    }

    /** The first tokens of the text, so many each. */
    List<TokenContext> contexts(int... lengths) {
        int[] text = JSON.convertValue(json.get("text"), int[].class);
        return Arrays.stream(lengths)
                .mapToObj(length -> TokenContext.of(Arrays.copyOf(text, length)))
                .toList();
    }

    /** {@code [contexts][vocab]}: log-probabilities (nats). */
    double[][] logProbs() {
        return JSON.convertValue(json.get("logp"), double[][].class);
    }
}
