package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.composed.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tools that OpenAI's {@code tools} and {@code tool_choice} offer. Fields that change nothing about a call, such as
 * {@code description} and {@code strict}, are not looked at: a schema is always enforced.
 *
 * @param arguments the constraint of each tool's arguments, by its name
 * @param choice {@code none}, {@code auto}, {@code required}, or {@code function} for the one tool that is left
 */
record OpenAiTools(Map<String, Constraint> arguments, String choice) {
    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";
    private static final String FUNCTION = "function";
    private static final String NO_ARGUMENTS = "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";
    private static final List<String> WORDS = List.of("none", "auto", "required");

    static OpenAiTools read(ConstraintFields fields, LeafReader leaves, LeafOptions options) {
        Map<String, Constraint> arguments = new LinkedHashMap<>();
        JsonNode given = fields.get(TOOLS);
        List<JsonNode> tools = given == null || given.isNull() ? List.of() : fields.list(TOOLS);
        for (int i = 0; i < tools.size(); i++) {
            ConstraintFields function = function(tools.get(i), fields.pointer() + '/' + TOOLS + '/' + i);
            String name = name(function);
            JsonNode schema = function.get("parameters");
            String text = schema == null || schema.isNull() ? NO_ARGUMENTS : schema.toString();
            Constraint compiled =
                    leaves.compile(ConstraintKind.JSON_SCHEMA, text, options, function.pointer() + "/parameters");
            if (arguments.put(name, compiled) != null) {
                throw function.wrong("name", TextNode.valueOf(name), "a name that no tool before it has");
            }
        }
        return chosen(arguments, fields.get(CHOICE), fields.pointer() + '/' + CHOICE);
    }

    /** The function of a tool: in a field of its own, or beside the type. */
    private static ConstraintFields function(JsonNode tool, String pointer) {
        ConstraintFields fields = ConstraintFields.of(tool, pointer);
        if (!fields.text("type", FUNCTION).equals(FUNCTION)) {
            throw fields.wrong("type", fields.required("type"), "\"function\"; leave tools of other types out");
        }
        JsonNode nested = fields.get(FUNCTION);
        return nested == null ? fields : ConstraintFields.of(nested, pointer + '/' + FUNCTION);
    }

    private static String name(ConstraintFields function) {
        JsonNode name = function.required("name");
        if (!name.isTextual() || name.textValue().isEmpty()) {
            throw function.wrong("name", name, "a text of at least one character");
        }
        return name.textValue();
    }

    private static OpenAiTools chosen(Map<String, Constraint> tools, @Nullable JsonNode choice, String pointer) {
        if (choice == null || choice.isNull()) {
            return new OpenAiTools(tools, "auto");
        }
        if (choice.isObject()) {
            String name = name(function(choice, pointer));
            Constraint only = tools.get(name);
            if (only == null) {
                throw ConstraintFields.refused(
                        pointer, "there is no tool \"" + name + "\"; allowed are " + String.join(", ", tools.keySet()));
            }
            return new OpenAiTools(Map.of(name, only), FUNCTION);
        }
        if (!WORDS.contains(choice.asText())) {
            throw ConstraintFields.refused(
                    pointer,
                    "it is " + ConstraintFields.shown(choice)
                            + "; allowed are none, auto, required, or {\"type\":\"function\",\"function\":{\"name\":...}}");
        }
        if (choice.asText().equals("required") && tools.isEmpty()) {
            throw ConstraintFields.refused(pointer, "it is \"required\", but there are no tools");
        }
        return new OpenAiTools(tools, choice.asText());
    }

    boolean isEmpty() {
        return arguments.isEmpty();
    }

    boolean mayCall() {
        return !choice.equals("none");
    }

    boolean mustCall() {
        return choice.equals("required") || isNamed();
    }

    /** Whether one tool was chosen by its name. */
    boolean isNamed() {
        return choice.equals(FUNCTION);
    }

    /** A call of any of the tools, as a JSON object of its name and its arguments. */
    Part anyOf(String argumentsKey) {
        List<Part> calls = new ArrayList<>();
        arguments.forEach((name, constraint) -> calls.add(Part.sequence(
                bytes("{\"name\": " + TextNode.valueOf(name) + ", " + TextNode.valueOf(argumentsKey) + ": "),
                new Part.Whole(constraint),
                bytes("}"))));
        return new Part.Alternatives(calls);
    }

    private static Part bytes(String text) {
        return new Part.Bytes(text.getBytes(UTF_8));
    }
}
