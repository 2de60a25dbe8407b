package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.Constraint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads OpenAI's {@code tool_choice}: a word, one function by its name, or {@code allowed_tools}, some of the tools and whether one of
 * them must be called. Objects may hold their fields in a field of their type's name, or beside the type.
 */
final class OpenAiToolChoice {
    private static final String AUTO = "auto";
    private static final String REQUIRED = "required";
    private static final List<String> WORDS = List.of("none", AUTO, REQUIRED);
    private static final String ALLOWED = "allowed_tools";
    private static final String MODE = "mode";

    private final Map<String, Constraint> tools;

    private OpenAiToolChoice(Map<String, Constraint> tools) {
        this.tools = tools;
    }

    /**
     * What is left of the tools.
     *
     * @param tools the constraint of each tool's arguments, by its name
     */
    static OpenAiTools among(Map<String, Constraint> tools, @Nullable JsonNode choice, String pointer) {
        if (choice == null || choice.isNull()) {
            return new OpenAiTools(tools, AUTO);
        }
        if (choice.isObject()) {
            return new OpenAiToolChoice(tools).chosen(new ConstraintFields(choice, pointer));
        }
        if (!choice.isTextual() || !WORDS.contains(choice.textValue())) {
            throw ConstraintFields.refused(
                    pointer,
                    "it is " + ConstraintFields.shown(choice) + "; allowed are none, auto, required,"
                            + " {\"type\":\"function\",\"function\":{\"name\":...}}, or an object of type allowed_tools");
        }
        if (choice.textValue().equals(REQUIRED) && tools.isEmpty()) {
            throw ConstraintFields.refused(pointer, "it is \"required\", but there are no tools");
        }
        return new OpenAiTools(tools, choice.textValue());
    }

    private OpenAiTools chosen(ConstraintFields choice) {
        return switch (choice.text("type", OpenAiTools.FUNCTION)) {
            case OpenAiTools.FUNCTION -> {
                String name = OpenAiTools.name(OpenAiTools.function(choice));
                yield new OpenAiTools(Map.of(name, tool(name, choice.pointer())), OpenAiTools.FUNCTION);
            }
            case ALLOWED -> allowed(choice.inner(ALLOWED));
            default -> throw choice.wrong("type", choice.required("type"), "function or allowed_tools");
        };
    }

    private OpenAiTools allowed(ConstraintFields choice) {
        String mode = choice.text(MODE, AUTO);
        if (!mode.equals(AUTO) && !mode.equals(REQUIRED)) {
            throw choice.wrong(MODE, choice.required(MODE), "auto or required");
        }
        Map<String, Constraint> left = new LinkedHashMap<>();
        List<JsonNode> allowed = choice.list("tools");
        for (int i = 0; i < allowed.size(); i++) {
            ConstraintFields tool = ConstraintFields.of(allowed.get(i), choice.pointer() + "/tools/" + i);
            String name = OpenAiTools.name(OpenAiTools.function(tool));
            left.put(name, tool(name, tool.pointer()));
        }
        return new OpenAiTools(left, mode);
    }

    private Constraint tool(String name, String pointer) {
        Constraint found = tools.get(name);
        if (found == null) {
            String allowed =
                    tools.isEmpty() ? "name it in \"tools\"" : "allowed are " + String.join(", ", tools.keySet());
            throw ConstraintFields.refused(pointer, "there is no tool \"" + name + "\"; " + allowed);
        }
        return found;
    }
}
