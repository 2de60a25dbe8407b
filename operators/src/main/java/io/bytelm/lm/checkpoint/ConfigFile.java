package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A JSON object in a file, read key by key; every complaint names the file and the key. It remembers which keys were asked
 * for, so that those that nobody knows can be refused.
 */
final class ConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final JsonNode json;
    private final String place;
    private final Set<String> asked;
    private final Set<String> ignored;

    /** @param place what comes before this object's keys when they are named: empty, or {@code outer.} */
    private ConfigFile(Path path, JsonNode json, String place, Set<String> asked, Set<String> ignored) {
        this.path = path;
        this.json = json;
        this.place = place;
        this.asked = asked;
        this.ignored = ignored;
    }

    static ConfigFile read(Path path) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(path));
            if (!json.isObject()) {
                throw new ModelException(path + ": not a JSON object");
            }
            return new ConfigFile(path, json, "", new HashSet<>(), new HashSet<>());
        } catch (NoSuchFileException e) {
            throw new ModelException(
                    path + ": no such file; --model takes a Hugging Face model directory with config.json", e);
        } catch (IOException e) {
            throw new ModelException(path + ": cannot be read as JSON: " + firstLine(e), e);
        }
    }

    /** The object under a key, complaining under the same file name; an empty one if it is absent or null. */
    ConfigFile object(String key) {
        JsonNode value = value(key);
        return new ConfigFile(
                path, value.isObject() ? value : JSON.createObjectNode(), place + key + ".", asked, ignored);
    }

    /**
     * The same as if the file gave this object under a key where it gives none.
     *
     * @param object JSON
     */
    ConfigFile withObject(String key, String object) {
        try {
            ObjectNode completed = json.deepCopy();
            completed.set(key, JSON.readTree(object));
            return new ConfigFile(path, completed, place, asked, ignored);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + object, e);
        }
    }

    /** The value under a key: a missing node if there is none. */
    JsonNode value(String key) {
        asked.add(place + key);
        return json.path(key);
    }

    /** Says that a key, with all that is in it, changes nothing in this family. */
    void ignore(String key) {
        ignored.add(place + key);
    }

    boolean has(String key) {
        asked.add(place + key);
        return json.hasNonNull(key);
    }

    /** Whether the key is there, be it null. */
    boolean isPresent(String key) {
        asked.add(place + key);
        return json.has(key);
    }

    /** All that is in this object. */
    JsonNode json() {
        return json;
    }

    int positiveInt(String key) {
        requirePresent(key);
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw refusal(key, "is " + value + ", expected a positive whole number");
        }
        return value.intValue();
    }

    int positiveInt(String key, int ifAbsent) {
        return has(key) ? positiveInt(key) : ifAbsent;
    }

    double positiveNumber(String key) {
        requirePresent(key);
        JsonNode value = json.get(key);
        if (!value.isNumber() || !(value.doubleValue() > 0)) {
            throw refusal(key, "is " + value + ", expected a positive number");
        }
        return value.doubleValue();
    }

    double positiveNumber(String key, double ifAbsent) {
        return has(key) ? positiveNumber(key) : ifAbsent;
    }

    /** A list of positive numbers. */
    double[] positiveNumbers(String key) {
        requirePresent(key);
        JsonNode list = json.get(key);
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble(-1);
            if (!(numbers[i] > 0)) {
                throw refusal(key, "is " + list + ", expected a list of positive numbers");
            }
        }
        return numbers;
    }

    boolean flag(String key, boolean ifAbsent) {
        if (!has(key)) {
            return ifAbsent;
        }
        JsonNode value = json.get(key);
        if (!value.isBoolean()) {
            throw refusal(key, "is " + value + ", expected true or false");
        }
        return value.booleanValue();
    }

    String text(String key, String ifAbsent) {
        return has(key) ? json.get(key).asText() : ifAbsent;
    }

    /** Refuses a value that the forward pass does not compute. */
    void require(String key, String ifAbsent, String... supported) {
        String value = text(key, ifAbsent);
        if (!List.of(supported).contains(value)) {
            throw refusal(key, "is '" + value + "'; supported: " + String.join(", ", supported));
        }
    }

    private void requirePresent(String key) {
        if (!has(key)) {
            throw new ModelException(path + ": the key '" + place + key + "' is missing");
        }
    }

    /** A complaint about one key: "{@code FILE: 'KEY' COMPLAINT}". */
    ModelException refusal(String key, String complaint) {
        return new ModelException(path + ": '" + place + key + "' " + complaint);
    }

    /** A complaint about the whole. */
    ModelException refusal(String complaint) {
        return new ModelException(path + ": " + complaint);
    }

    /**
     * Refuses keys that were never asked for, may have changed results, and are not null.
     *
     * @param harmless keys that change nothing, wherever they stand
     * @return those of the harmless ones that stand there, or are {@link #ignore ignored}
     */
    List<String> refuseUnknownKeys(Set<String> harmless) {
        Set<String> unknown = new TreeSet<>();
        Set<String> passedOver = new TreeSet<>();
        collectUnknown(json, place, harmless, unknown, passedOver);
        if (!unknown.isEmpty()) {
            throw refusal("the model would be computed without regard to " + String.join(", ", unknown)
                    + ", which may change its numbers; if they change nothing, remove them from the file");
        }
        return List.copyOf(passedOver);
    }

    private void collectUnknown(
            JsonNode object, String at, Set<String> harmless, Set<String> unknown, Set<String> passedOver) {
        for (Map.Entry<String, JsonNode> entry : object.properties()) {
            String key = at + entry.getKey();
            JsonNode value = entry.getValue();
            boolean known = asked.contains(key);
            if (ignored.contains(key)) {
                passedOver.add(key);
            } else if (known && value.isObject()) {
                collectUnknown(value, key + ".", harmless, unknown, passedOver);
            } else if (!known && harmless.contains(entry.getKey())) {
                passedOver.add(key);
            } else if (!known && !value.isNull()) {
                unknown.add("'" + key + "' (" + shortened(value) + ")");
            }
        }
    }

    private static String shortened(JsonNode value) {
        String text = value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
