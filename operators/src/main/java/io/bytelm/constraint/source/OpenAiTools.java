package io.bytelm.constraint.source;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.composed.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The tools that OpenAI's {@code tools} and {@code tool_choice} offer. Fields that change nothing about a call, such as
 * {@code description} and {@code strict}, are not looked at: a schema is always enforced.
 *
 * @param arguments the constraint of each tool's arguments, by its name
 * @param choice {@code none}, {@code auto}, {@code required}, or {@code function} for the tool chosen by its name
 */
record OpenAiTools(Map<String, Constraint> arguments, String choice) {
    static final String FUNCTION = "function";

    private static final String TOOLS = "tools";
    private static final String CHOICE = "tool_choice";
    private static final String TYPE = "type";
    private static final String PARAMETERS = "parameters";
    private static final List<String> ROOT_NAMES = List.of("$id", "id", "$anchor", "$dynamicAnchor");
    private static final String NO_ARGUMENTS = "{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}";

    static OpenAiTools read(ConstraintFields fields, LeafReader leaves, LeafOptions options) {
        Map<String, Constraint> arguments = new LinkedHashMap<>();
        JsonNode given = fields.get(TOOLS);
        List<JsonNode> tools = given == null || given.isNull() ? List.of() : fields.list(TOOLS);
        for (int i = 0; i < tools.size(); i++) {
            ConstraintFields tool = ConstraintFields.of(tools.get(i), fields.pointer() + '/' + TOOLS + '/' + i);
            ConstraintFields function = function(tool);
            String name = name(function);
            Constraint compiled = leaves.compile(
                    ConstraintKind.JSON_SCHEMA, schema(function), options, function.pointer() + '/' + PARAMETERS);
            if (arguments.put(name, compiled) != null) {
                throw function.wrong("name", TextNode.valueOf(name), "a name that no tool before it has");
            }
        }
        return OpenAiToolChoice.among(arguments, fields.get(CHOICE), fields.pointer() + '/' + CHOICE);
    }

    /** The schema of a function's arguments, which are an object whether it says so or not. */
    private static String schema(ConstraintFields function) {
        JsonNode given = function.get(PARAMETERS);
        if (given == null || given.isNull()) {
            return NO_ARGUMENTS;
        }
        if (!(given instanceof ObjectNode schema)) {
            throw function.wrong(PARAMETERS, given, "a JSON Schema that is an object; leave it out for no arguments");
        }
        String text = schema.toString();
        return schema.has(TYPE) || refersToItself(schema, text)
                ? text
                : JsonNodeFactory.instance
                        .objectNode()
                        .put(TYPE, "object")
                        .setAll(schema)
                        .toString();
    }

    /** Whether its root may also be meant elsewhere in it, where it need not be an object. */
    private static boolean refersToItself(ObjectNode schema, String text) {
        return text.contains("\"#\"") || ROOT_NAMES.stream().anyMatch(schema::has);
    }

    /** The function of a tool: in a field of its own, or beside the type. */
    static ConstraintFields function(ConstraintFields tool) {
        if (!tool.text(TYPE, FUNCTION).equals(FUNCTION)) {
            throw tool.wrong(TYPE, tool.required(TYPE), "\"function\"; leave tools of other types out");
        }
        return tool.inner(FUNCTION);
    }

    static String name(ConstraintFields function) {
        JsonNode found = function.required("name");
        String name = function.text("name", "");
        if (name.isEmpty()) {
            throw function.wrong("name", found, "a text of at least one character");
        }
        return name;
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
