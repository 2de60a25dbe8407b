package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.composed.Alphabet;
import io.bytelm.constraint.composed.Part;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields {@code tools}, {@code tool_choice}, {@code parallel_tool_calls} and {@code response_format} of OpenAI's chat
 * completions, and writes a call as Qwen, Hermes and others do:
 *
 * <pre>
 * &lt;tool_call&gt;
 * {"name": "get_weather", "arguments": {"city":"Paris"}}
 * &lt;/tool_call&gt;
 * </pre>
 *
 * <p>{@code call_begin}, {@code call_end} and {@code arguments_key} are for other ways to write it.
 */
final class OpenAiReader {
    private static final String ANY_OBJECT = "{\"type\":\"object\"}";
    private static final String FORMAT = "response_format";

    private final ConstraintFields fields;
    private final LeafReader leaves;
    private final LeafOptions options;
    private final String begin;

    OpenAiReader(ConstraintFields fields, LeafReader leaves) {
        this.fields = fields;
        this.leaves = leaves;
        this.options = LeafOptions.read(fields);
        this.begin = fields.text("call_begin", "<tool_call>\n");
    }

    Part read() {
        if (begin.isBlank()) {
            throw ConstraintFields.refused(
                    fields.pointer() + "/call_begin", "it is blank; allowed is a text that only begins calls");
        }
        Part format = format();
        OpenAiTools tools = OpenAiTools.read(fields, leaves, options);
        if (tools.isEmpty()) {
            return format == null ? new Part.FreeText(Alphabet.UTF_8, List.of(), List.of()) : format;
        }
        int max = tools.isNamed() || !fields.flag("parallel_tool_calls", true) ? 1 : Part.UNBOUNDED;
        if (format != null) {
            return instead(format, tools, max);
        }
        List<byte[]> trigger = List.of(begin.stripTrailing().getBytes(UTF_8));
        if (!tools.mayCall()) {
            return new Part.FreeText(Alphabet.UTF_8, List.of(), trigger);
        }
        Part body = Part.sequence(bytes(begin.substring(begin.stripTrailing().length())), call(tools));
        return new Part.Regions(
                Alphabet.UTF_8, List.of(new Part.Region(trigger.get(0), body)), tools.mustCall() ? 1 : 0, max);
    }

    /** Calls, on a line each, or an answer in its format. */
    private Part instead(Part format, OpenAiTools tools, int max) {
        if (!tools.mayCall()) {
            return format;
        }
        Part call = Part.sequence(bytes(begin), call(tools));
        Part more = new Part.Repeat(Part.sequence(bytes("\n"), call), 0, max == 1 ? 0 : max);
        Part calls = Part.sequence(call, more);
        return tools.mustCall() ? calls : new Part.Alternatives(List.of(format, calls));
    }

    /** A call behind its beginning, of any tool that may be called. */
    private Part call(OpenAiTools tools) {
        String key = fields.text("arguments_key", "arguments");
        return Part.sequence(tools.anyOf(key), bytes(fields.text("call_end", "\n</tool_call>")));
    }

    /** The format of an answer; null for any text. */
    private @Nullable Part format() {
        JsonNode found = fields.get(FORMAT);
        if (found == null || found.isNull()) {
            return null;
        }
        String pointer = fields.pointer() + '/' + FORMAT;
        ConstraintFields format = ConstraintFields.of(found, pointer);
        return switch (format.text("type", "")) {
            case "text" -> null;
            case "json_object" -> schema(ANY_OBJECT, pointer);
            case "json_schema" -> {
                JsonNode nested = found.path("json_schema");
                boolean isNested = nested.isObject();
                String place = pointer + (isNested ? "/json_schema" : "");
                JsonNode schema =
                        ConstraintFields.of(isNested ? nested : found, place).required("schema");
                yield schema(schema.toString(), place + "/schema");
            }
            default -> throw format.wrong("type", found.path("type"), "one of text, json_object, json_schema");
        };
    }

    private Part schema(String schema, String pointer) {
        return new Part.Whole(leaves.compile(ConstraintKind.JSON_SCHEMA, schema, options, pointer));
    }

    private static Part bytes(String text) {
        return new Part.Bytes(text.getBytes(UTF_8));
    }
}
