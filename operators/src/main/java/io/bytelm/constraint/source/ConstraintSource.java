package io.bytelm.constraint.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.NotJson;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.automaton.Choices;
import io.bytelm.constraint.grammar.Gbnf;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.json.JsonConstraint;
import io.bytelm.constraint.json.JsonOptions;
import io.bytelm.constraint.lark.Lark;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import io.bytelm.constraint.schema.JsonSchema;
import io.bytelm.constraint.schema.SchemaOptions;
import io.bytelm.constraint.schema.SchemaOptions.Formats;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A constraint as a user writes it. Equal sources compile to equal constraints.
 *
 * @param text in the notation of {@code kind}; empty for {@link ConstraintKind#JSON}
 * @param whitespace between the tokens of JSON; null for none, or for what {@link ConstraintOption#WHITESPACE} says
 * @param spelling of JSON otherwise; states of sessions hold the usual one only, any other stands in the text of a
 *     {@link ConstraintKind#COMPOSED}
 */
public record ConstraintSource(
        ConstraintKind kind,
        String text,
        Set<ConstraintOption> options,
        @Nullable WhitespaceRule whitespace,
        JsonSpelling spelling) {
    /** Fields of a constraint's object that only compiling it reads, so that it is a {@link ConstraintKind#COMPOSED}. */
    public static final Set<String> COMPILED_FIELDS = LeafOptions.SPELLING_FIELDS;

    private static final ObjectMapper CHOICES = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws ConstraintException if an option means nothing for this kind, or {@link ConstraintKind#JSON} has a text */
    public ConstraintSource {
        for (ConstraintOption option : options) {
            if (!kind.takes(option)) {
                throw new ConstraintException(
                        Reason.UNSUPPORTED,
                        "a constraint of kind " + kind.label() + " has no option " + option.label());
            }
        }
        if (whitespace != null && !kind.takes(ConstraintOption.WHITESPACE)) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED, "a constraint of kind " + kind.label() + " has no option whitespace");
        }
        if (!spelling.equals(JsonSpelling.USUAL) && !kind.takes(ConstraintOption.WHITESPACE)) {
            throw new ConstraintException(
                    Reason.UNSUPPORTED,
                    "a constraint of kind " + kind.label() + " has no options separators and escapes");
        }
        if (kind == ConstraintKind.JSON && !text.isEmpty()) {
            throw new ConstraintException(
                    Reason.SYNTAX, "a constraint of kind json takes no source; a schema has the kind json-schema");
        }
        options = Set.copyOf(options);
    }

    /** Without a rule for white space. */
    public ConstraintSource(ConstraintKind kind, String text, Set<ConstraintOption> options) {
        this(kind, text, options, null);
    }

    /** In the usual spelling. */
    public ConstraintSource(
            ConstraintKind kind, String text, Set<ConstraintOption> options, @Nullable WhitespaceRule whitespace) {
        this(kind, text, options, whitespace, JsonSpelling.USUAL);
    }

    /** Without options. */
    public static ConstraintSource of(ConstraintKind kind, String text) {
        return new ConstraintSource(kind, text, EnumSet.noneOf(ConstraintOption.class));
    }

    /**
     * Compiles it on the calling thread, which may take as long as the budget allows.
     *
     * @throws ConstraintException if it is malformed, refused, over the budget, or nothing satisfies it
     */
    public Constraint compile(CompileBudget budget) {
        return Recursion.bounded(() -> compiled(budget));
    }

    private Constraint compiled(CompileBudget budget) {
        return switch (kind) {
            case CHOICES -> Choices.compile(choices(), budget);
            case REGEX -> regex(budget);
            case JSON -> new JsonConstraint(jsonOptions(budget));
            case JSON_SCHEMA -> schema(text, budget);
            case GBNF -> Gbnf.compile(text, this::schema, budget);
            case LARK -> Lark.compile(text, this::schema, budget);
            case COMPOSED -> ComposedReader.compile(text, budget);
        };
    }

    private JsonOptions jsonOptions(CompileBudget budget) {
        return new JsonOptions(JsonOptions.COMPACT.maxDepth(), compiledWhitespace(budget), false)
                .written(spelling.escapesOr(Escapes.ANY), spelling.separators());
    }

    private Constraint schema(String schema, CompileBudget budget) {
        return JsonSchema.compile(schema, schemaOptions(budget), budget);
    }

    private boolean has(ConstraintOption option) {
        return options.contains(option);
    }

    private Constraint regex(CompileBudget budget) {
        RegexOptions plain = has(ConstraintOption.SEARCH) ? RegexOptions.SEARCH : RegexOptions.FULL_MATCH;
        RegexOptions cased = has(ConstraintOption.IGNORE_CASE) ? plain.withIgnoreCase() : plain;
        return Regex.compile(text, has(ConstraintOption.ANY_BYTE) ? cased.withAnyByte() : cased, budget);
    }

    private Whitespace compiledWhitespace(CompileBudget budget) {
        if (whitespace != null) {
            return whitespace.compile(budget);
        }
        return has(ConstraintOption.WHITESPACE) ? Whitespace.UNLIMITED : Whitespace.NONE;
    }

    private SchemaOptions schemaOptions(CompileBudget budget) {
        SchemaOptions spaced = SchemaOptions.GENERATION
                .withWhitespace(compiledWhitespace(budget))
                .written(spelling.escapesOr(Escapes.MINIMAL), spelling.separators());
        SchemaOptions ordered = has(ConstraintOption.SCHEMA_ORDER) ? spaced.withSchemaOrder() : spaced;
        SchemaOptions strict = has(ConstraintOption.ANNOTATE_FORMATS) ? ordered.withFormats(Formats.ANNOTATE) : ordered;
        return has(ConstraintOption.LENIENT) ? strict.withLenience() : strict;
    }

    private List<String> choices() {
        List<String> choices = new ArrayList<>();
        JsonNode list;
        try {
            list = CHOICES.readTree(text);
        } catch (JsonProcessingException e) {
            throw new ConstraintException(Reason.SYNTAX, "the choices are not JSON: " + NotJson.why(e));
        }
        if (!list.isArray()) {
            throw notTexts();
        }
        for (JsonNode choice : list) {
            if (!choice.isTextual()) {
                throw notTexts();
            }
            choices.add(choice.textValue());
        }
        return choices;
    }

    private static ConstraintException notTexts() {
        return new ConstraintException(Reason.SYNTAX, "choices are a JSON list of texts, such as [\"yes\",\"no\"]");
    }
}
