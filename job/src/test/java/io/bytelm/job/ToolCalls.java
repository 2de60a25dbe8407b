package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import java.util.Map;
import java.util.TreeMap;

/** Text in which three tools are called, as a constraint; and a judge of such texts that shares no code with it. */
final class ToolCalls {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final Map<String, String> TOOLS = new TreeMap<>(Map.of(
            "get_weather", """
                    {"type":"object","properties":{"city":{"type":"string","minLength":1,"maxLength":20},
                     "unit":{"enum":["celsius","fahrenheit"]},
                     "days":{"type":"array","uniqueItems":true,"items":{"type":"integer","minimum":1,"maximum":7}}},
                     "required":["city"],"additionalProperties":false}""",
            "add", """
                    {"type":"object","properties":{"terms":{"type":"array","items":{"type":"number"},"minItems":2,"maxItems":4}},
                     "required":["terms"],"additionalProperties":false}""",
            "remind", """
                    {"type":"object","properties":{"at":{"type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9]$"},
                     "what":{"oneOf":[{"type":"string","maxLength":12},
                      {"type":"object","properties":{"id":{"type":"integer"}},"required":["id"],"additionalProperties":false}]}},
                     "required":["at","what"],"additionalProperties":false}"""));

    private static final String BEGIN = "<tool_call>\n";
    private static final String END = "\n</tool_call>";
    private static final int MOST_THOUGHT_CHARACTERS = 20;

    private final Map<String, JsonSchema> judges = new TreeMap<>();

    ToolCalls() {
        JsonSchemaFactory factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
        TOOLS.forEach((name, schema) -> judges.put(
                name,
                factory.getSchema(read(schema), SchemaValidatorsConfig.builder().build())));
    }

    /** As it stands in an {@code open}: a thought that may be left out, then text with one call at least. */
    String constraint() {
        StringBuilder tools = new StringBuilder();
        TOOLS.forEach((name, schema) -> tools.append(tools.isEmpty() ? "" : ",")
                .append("{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\",\"parameters\":" + schema
                        + "}}"));
        return "{\"kind\":\"sequence\",\"items\":[{\"kind\":\"optional\",\"item\":{\"kind\":\"sequence\",\"items\":["
                + "\"<think>\",{\"kind\":\"regex\",\"source\":\"[ -;=-~]{0," + MOST_THOUGHT_CHARACTERS
                + "}\"},\"</think>\\n\"]}},{\"kind\":\"openai\",\"tool_choice\":\"required\",\"separators\":[\", \",\": \"],"
                + "\"tools\":[" + tools + "]}]}";
    }

    /** The same compiled, for a client that knows what it may send. */
    Constraint compiled() {
        return ConstraintSource.of(ConstraintKind.COMPOSED, constraint())
                .compile(CompileBudget.start(CompileLimits.DEFAULT));
    }

    /** Fails unless the text calls tools alone that there are, one at least, each with arguments that it takes. */
    void assertCalls(String text) {
        int calls = 0;
        for (int at = text.indexOf("<tool_call>"); at >= 0; at = text.indexOf("<tool_call>", at)) {
            assertThat(text.startsWith(BEGIN, at)).as(text).isTrue();
            int end = text.indexOf(END, at);
            assertThat(end).as(text).isPositive();
            assertIsACall(read(text.substring(at + BEGIN.length(), end)), text);
            calls++;
            at = end + END.length();
        }
        assertThat(calls).as(text).isPositive();
    }

    private void assertIsACall(JsonNode call, String text) {
        assertThat(call.size()).as(text).isEqualTo(2);
        JsonSchema judge = judges.get(call.path("name").asText());
        assertThat(judge).as(text).isNotNull();
        assertThat(judge.validate(call.required("arguments"))).as(text).isEmpty();
    }

    private static JsonNode read(String json) {
        try {
            return STRICT.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }
}
