package io.bytelm.job.likelihood.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines with mistakes in them, judged as another reader of JSON judges them. */
class JsonScannerTest {
    private static final ObjectMapper JACKSON = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();
    private static final String[] PIECES = {
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        "\"text\":",
        "\"a\"",
        "\"é\"",
        "\"\\u00e9\\n\"",
        "\"\\ud83d\\ude00\"",
        "true",
        "null",
        "false",
        "0",
        "-1",
        "1.5e-7",
        "01",
        "1.",
        "-",
        "NaN",
        "-Infinity",
        " ",
        "\t",
        "\\",
        "{\"x\":[1,{}]}",
        "[[],[{}]]",
        "{\"text\":7}"
    };
    private static final String GOOD =
            "{\"id\": 1, \"x\": [true, {\"y\": [NaN, -0.5e+3, {}]}, []], \"text\": \"a \\\"quoted\\\" é\\t\\u20ac\", \"z\": null}";
    private static final int LINES = 40_000;

    @Test
    void whatIsJsonIsTheSameForAnotherReader() {
        int objects = 0;
        for (long seed = 0; seed < LINES; seed++) {
            Random random = new Random(seed);
            String line = random.nextBoolean() ? mutated(random) : pieces(random);
            String expected = textByJackson(line);

            assertThat(text(line)).as("seed %d: %s", seed, line).isEqualTo(expected);
            objects += expected == null ? 0 : 1;
        }
        assertThat(objects).as("lines that are objects").isGreaterThan(LINES / 20);
    }

    private static String mutated(Random random) {
        StringBuilder line = new StringBuilder(GOOD);
        for (int i = 0; i < random.nextInt(3); i++) {
            int at = random.nextInt(line.length());
            switch (random.nextInt(3)) {
                case 0 -> line.deleteCharAt(at);
                case 1 -> line.insert(at, PIECES[random.nextInt(PIECES.length)]);
                default -> line.setCharAt(at, (char) (' ' + random.nextInt(95)));
            }
        }
        return line.toString();
    }

    private static String pieces(Random random) {
        StringBuilder line = new StringBuilder("{\"text\":\"t\"");
        for (int i = 0; i < random.nextInt(8); i++) {
            line.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return line.append(random.nextInt(4) == 0 ? "" : "}").toString();
    }

    /** Null if it is no object; otherwise what its text is. */
    private static @Nullable String text(String line) {
        Item item = new JsonContent(ReadItems.lines())
                .of(Item.document("s", 1, "s:1", line.getBytes(StandardCharsets.UTF_8), 0));
        if (item == null || item.reason() == RejectReason.MALFORMED_JSON) {
            return null;
        }
        return item.reason() == null
                ? new String(item.bytes(), StandardCharsets.UTF_8)
                : item.reason().word();
    }

    private static @Nullable String textByJackson(String line) {
        try {
            JsonNode json = JACKSON.readTree(line);
            if (!json.isObject()) {
                return null;
            }
            JsonNode text = json.path("text");
            if (!text.isTextual()) {
                return RejectReason.MISSING_TEXT.word();
            }
            boolean whole = StandardCharsets.UTF_8.newEncoder().canEncode(text.textValue());
            return whole ? text.textValue() : RejectReason.INVALID_TEXT.word();
        } catch (IOException e) {
            return null;
        }
    }
}
