package io.bytelm.lm.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.ModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A JSON object in a file, read key by key; every complaint names the file and the key. */
record ConfigFile(Path path, JsonNode json) {
    private static final ObjectMapper JSON = new ObjectMapper();

    static ConfigFile read(Path path) {
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(path));
            if (!json.isObject()) {
                throw new ModelException(path + ": not a JSON object");
            }
            return new ConfigFile(path, json);
        } catch (NoSuchFileException e) {
            throw new ModelException(
                    path + ": no such file; --model takes a Hugging Face model directory with config.json", e);
        } catch (IOException e) {
            throw new ModelException(path + ": cannot be read as JSON: " + firstLine(e), e);
        }
    }

    /** The object under a key, complaining under the same file name; an empty one if it is absent or null. */
    ConfigFile object(String key) {
        JsonNode value = json.path(key);
        return new ConfigFile(path, value.isObject() ? value : JSON.createObjectNode());
    }

    boolean has(String key) {
        return json.hasNonNull(key);
    }

    int positiveInt(String key) {
        if (!has(key)) {
            throw new ModelException(path + ": the key '" + key + "' is missing");
        }
        JsonNode value = json.get(key);
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 1) {
            throw new ModelException(path + ": '" + key + "' is " + value + ", expected a positive whole number");
        }
        return value.intValue();
    }

    int positiveInt(String key, int ifAbsent) {
        return has(key) ? positiveInt(key) : ifAbsent;
    }

    double positiveNumber(String key) {
        if (!has(key)) {
            throw new ModelException(path + ": the key '" + key + "' is missing");
        }
        JsonNode value = json.get(key);
        if (!value.isNumber() || !(value.doubleValue() > 0)) {
            throw new ModelException(path + ": '" + key + "' is " + value + ", expected a positive number");
        }
        return value.doubleValue();
    }

    double positiveNumber(String key, double ifAbsent) {
        return has(key) ? positiveNumber(key) : ifAbsent;
    }

    boolean flag(String key, boolean ifAbsent) {
        return has(key) ? json.get(key).asBoolean(ifAbsent) : ifAbsent;
    }

    String text(String key, String ifAbsent) {
        return has(key) ? json.get(key).asText() : ifAbsent;
    }

    /** Refuses a value that the forward pass does not compute. */
    void require(String key, String ifAbsent, String... supported) {
        String value = text(key, ifAbsent);
        for (String each : supported) {
            if (each.equals(value)) {
                return;
            }
        }
        throw new ModelException(
                path + ": '" + key + "' is '" + value + "'; supported: " + String.join(", ", supported));
    }

    private static String firstLine(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
