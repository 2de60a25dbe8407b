package io.bytelm.constraint.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a JSON object joins constraints to one, and its fields beside {@code kind}. */
public enum ComposedKind {
    /** One item after the other. */
    SEQUENCE("items"),
    /** Any of the items. */
    ALTERNATIVE("items"),
    /** The item, or nothing. */
    OPTIONAL("item"),
    /** The item several times. */
    REPEAT("item", "min", "max"),
    /** Exactly this text, or these bytes. */
    LITERAL("text", "text_hex"),
    /** Free text, up to a string or without some. */
    TEXT("until", "until_hex", "without", "without_hex", "utf8"),
    /** Free text in which strings open regions. */
    REGIONS("triggers", "min", "max", "utf8"),
    /** What OpenAI's chat completions take: tools, and the format of the answer. */
    OPENAI(
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "response_format",
            "call_begin",
            "call_end",
            "arguments_key",
            "whitespace",
            "separators",
            "escapes",
            "schema_order",
            "annotate_formats",
            "lenient");

    static final String KIND = "kind";

    private final Set<String> fields;

    ComposedKind(String... fields) {
        this.fields = Stream.concat(Stream.of(KIND), Arrays.stream(fields)).collect(Collectors.toUnmodifiableSet());
    }

    /** The name in records and files, such as {@code sequence}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All labels, in order. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(ComposedKind::label).toList();
    }

    /** The fields of its JSON object. */
    Set<String> fields() {
        return fields;
    }
}
