package io.bytelm.decode;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Finds the tool calls in an output as a client would, and judges them with somebody else's code. */
final class ToolCalls {
    static final String TOOLS = """
            [{"type":"function","function":{"name":"get_weather","description":"Weather","parameters":
               {"type":"object","properties":{"city":{"type":"string","maxLength":6},"unit":{"enum":["C","F"]}},
                "required":["city"],"additionalProperties":false}}},
             {"type":"function","function":{"name":"add","strict":true,"parameters":
               {"type":"object","properties":{"terms":{"type":"array","items":{"type":"integer"},"maxItems":3}},
                "required":["terms"],"additionalProperties":false}}},
             {"type":"function","function":{"name":"now"}}]""";
    private static final String BEGIN = "<tool_call>";
    private static final String END = "\n</tool_call>";
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final JsonSchema NOTHING = schema("{\"type\":\"object\",\"maxProperties\":0}");
    private static final Map<String, JsonSchema> SCHEMAS = schemas();

    private ToolCalls() {}

    private static JsonSchema schema(String text) {
        return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(text);
    }

    private static Map<String, JsonSchema> schemas() {
        Map<String, JsonSchema> schemas = new TreeMap<>();
        try {
            for (JsonNode tool : STRICT.readTree(TOOLS)) {
                JsonNode parameters = tool.path("function").path("parameters");
                schemas.put(
                        tool.path("function").path("name").asText(),
                        parameters.isMissingNode() ? NOTHING : schema(parameters.toString()));
            }
            return schemas;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The names of the tools that an output calls, in order; throws an AssertionError for one that is not whole or not valid. */
    static List<String> in(byte[] output) {
        List<String> names = new ArrayList<>();
        try {
            String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(output)).toString();
            for (int at = text.indexOf(BEGIN); at >= 0; at = text.indexOf(BEGIN, at)) {
                String rest = text.substring(at + BEGIN.length());
                try (JsonParser json = STRICT.createParser(rest)) {
                    JsonNode call = STRICT.readTree(json);
                    names.add(judged(call));
                    int after = (int) json.currentLocation().getCharOffset();
                    if (!rest.startsWith(END, after)) {
                        throw new AssertionError("the call does not end: " + text);
                    }
                    at += BEGIN.length() + after + END.length();
                }
            }
            return names;
        } catch (IOException e) {
            throw new AssertionError(new String(output, UTF_8), e);
        }
    }

    private static String judged(JsonNode call) {
        JsonSchema schema = SCHEMAS.get(call.path("name").asText());
        boolean isWhole = call.size() == 2 && schema != null;
        if (!isWhole
                || !Objects.requireNonNull(schema)
                        .validate(call.path("arguments"))
                        .isEmpty()) {
            throw new AssertionError("not a call of a tool: " + call);
        }
        return call.path("name").asText();
    }
}
