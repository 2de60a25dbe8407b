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
import java.util.TreeMap;

/**
 * A JSON object in a file, read key by key; every complaint names the file and the key. It remembers which keys were asked
 * for, so that those that nobody knows can be refused.
 */
final class ConfigFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path path;
    private final JsonNode json;
    private final String place;
    private final Map<String, Integer> defaults;
    private final Seen seen;

    /**
     * What was asked for so far, in this object and in all others of the file.
     *
     * @param ignored keys that change nothing in this family
     * @param filledIn sizes that the file leaves out
     */
    private record Seen(Set<String> asked, Set<String> ignored, Map<String, Integer> filledIn) {}

    /**
     * @param place what comes before this object's keys when they are named: empty, or {@code outer.}
     * @param defaults the sizes of keys that are absent
     */
    private ConfigFile(Path path, JsonNode json, String place, Map<String, Integer> defaults, Seen seen) {
        this.path = path;
        this.json = json;
        this.place = place;
        this.defaults = defaults;
        this.seen = seen;
    }

    static ConfigFile read(Path path) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(path));
            if (!json.isObject()) {
                throw new ModelException(path + ": not a JSON object");
            }
            return new ConfigFile(
                    path, json, "", Map.of(), new Seen(new HashSet<>(), new HashSet<>(), new TreeMap<>()));
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
                path, value.isObject() ? value : JSON.createObjectNode(), place + key + ".", Map.of(), seen);
    }

    /** The same, with sizes for keys that are absent; null is no size. */
    ConfigFile withDefaults(Map<String, Integer> sizes) {
        return new ConfigFile(path, json, place, sizes, seen);
    }

    /** The sizes that were asked for, left out, and so taken from the defaults. */
    Map<String, Integer> filledIn() {
        return Map.copyOf(seen.filledIn());
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
            return new ConfigFile(path, completed, place, defaults, seen);
        } catch (IOException e) {
            throw new IllegalArgumentException("not JSON: " + object, e);
        }
    }

    /** The value under a key: a missing node if there is none. */
    JsonNode value(String key) {
        seen.asked().add(place + key);
        return json.path(key);
    }

    /** Says that a key, with all that is in it, changes nothing in this family. */
    void ignore(String key) {
        seen.ignored().add(place + key);
    }

    boolean has(String key) {
        seen.asked().add(place + key);
        return json.hasNonNull(key);
    }

    /** Whether the key is there, be it null. */
    boolean isPresent(String key) {
        seen.asked().add(place + key);
        return json.has(key);
    }

    /** All that is in this object. */
    JsonNode json() {
        return json;
    }

    /** Whether there is a size under the key, or a default for it. */
    boolean hasSize(String key) {
        return has(key) || (!json.has(key) && defaults.containsKey(key));
    }

    int positiveInt(String key) {
        Integer size = isPresent(key) ? null : defaults.get(key);
        if (size != null) {
            seen.filledIn().put(place + key, size);
            return size;
        }
        requirePresent(key);
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw refusal(key, "is " + value + ", expected a positive whole number");
        }
        return value.intValue();
    }

    int positiveInt(String key, int ifAbsent) {
        return hasSize(key) ? positiveInt(key) : ifAbsent;
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

    /** As the other, of a key that the code that reads it has had several defaults for. */
    boolean requiredFlag(String key) {
        requirePresent(key);
        return flag(key, false);
    }

    /** The key that is given of two for the same number. */
    String keyOf(String key, String other) {
        if (has(key) && has(other) && !value(key).equals(value(other))) {
            throw refusal("'" + key + "' is " + value(key) + ", but '" + other + "' is " + value(other)
                    + "; keep the one that the weights were made with");
        }
        return has(other) ? other : key;
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
            throw refusal("the key '" + place + key + "' is missing");
        }
    }

    /** A complaint about one key: "{@code FILE: 'KEY' COMPLAINT}". */
    ModelException refusal(String key, String complaint) {
        return refusal("'" + place + key + "' " + complaint);
    }

    /** A complaint about the whole; sizes that were not given may be the reason. */
    ModelException refusal(String complaint) {
        return new ModelException(path + ": " + complaint + ModelConfig.sizesLeftOut(seen.filledIn()));
    }

    /**
     * Refuses keys that were never asked for, may have changed results, and are not null.
     *
     * @param harmless keys that change nothing, wherever they stand
     * @return those of the harmless ones that stand there, or are {@link #ignore ignored}
     */
    List<String> refuseUnknownKeys(Set<String> harmless) {
        UnreadKeys unread = UnreadKeys.of(json, place, seen.asked(), seen.ignored(), harmless);
        if (!unread.unknown().isEmpty()) {
            throw refusal("the model would be computed without regard to " + String.join(", ", unread.unknown())
                    + ", which may change its numbers; if they change nothing, remove them from the file");
        }
        return unread.passedOver();
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
