package io.bytelm.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.constraint.whitespace.Whitespace;
import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What an output must satisfy; at most one of them. */
final class ConstraintOptions {
    @Option(
            names = "--choices",
            paramLabel = "TEXT",
            order = 10,
            split = ",",
            description = "The output is one of these texts; separated by commas, or given several times.")
    private List<String> choices = new ArrayList<>();

    @Option(
            names = "--regex",
            paramLabel = "PATTERN",
            order = 11,
            description = "The output matches this regular expression.")
    private @Nullable String regex;

    @Option(names = "--json", order = 12, description = "The output is JSON of any shape.")
    private boolean json;

    @Option(
            names = "--json-schema",
            paramLabel = "FILE",
            order = 13,
            description = "The output is JSON that satisfies the JSON Schema in this file.")
    private @Nullable Path jsonSchema;

    @Option(
            names = "--grammar",
            paramLabel = "FILE",
            order = 14,
            description = "The output is derived from the GBNF grammar in this file.")
    private @Nullable Path grammar;

    @Option(
            names = "--constraint-file",
            paramLabel = "FILE",
            order = 15,
            description = "The constraint in this file, whose kind is its suffix: .regex, .json (a schema), .gbnf, or"
                    + " .choices (a JSON list).")
    private @Nullable Path constraintFile;

    @Option(
            names = "--constraint",
            paramLabel = "FILE",
            order = 16,
            description =
                    "The constraint in this file: a JSON object with a kind, as in the records that open sessions; it"
                            + " may join others (sequence, alternative, optional, repeat, regions, openai).")
    private @Nullable Path constraint;

    @Option(
            names = "--whitespace",
            order = 17,
            description = "JSON may be printed as programs do: a space after colons and commas, or lines with an"
                    + " indentation of at most four spaces or a tab a level.")
    private boolean whitespace;

    @Option(
            names = "--whitespace-max",
            paramLabel = "BYTES",
            order = 18,
            description = "JSON may have any white space between its tokens, but at most so many bytes of it.")
    private @Nullable Integer whitespaceMax;

    @Option(
            names = "--whitespace-pattern",
            paramLabel = "PATTERN",
            order = 19,
            description = "The white space between two tokens of JSON matches this regular expression, in at most 64"
                    + " bytes or what --whitespace-max says.")
    private @Nullable String whitespacePattern;

    /**
     * The compiled constraint; anything if none was given.
     *
     * @throws UserException if there are two, a file cannot be read, or it is refused
     */
    Constraint compile() {
        long given = Stream.of(
                        !choices.isEmpty(),
                        regex != null,
                        json,
                        jsonSchema != null,
                        grammar != null,
                        constraintFile != null,
                        constraint != null)
                .filter(is -> is)
                .count();
        if (given > 1) {
            throw new UserException(
                    "give one of --choices, --regex, --json, --json-schema, --grammar, --constraint-file, --constraint,"
                            + " not " + given);
        }
        if (whitespace || whitespaceMax != null || whitespacePattern != null) {
            refuseWhitespaceWithoutJson(given == 0);
        }
        return given == 0 ? AnyBytes.INSTANCE : compiled();
    }

    private void refuseWhitespaceWithoutJson(boolean nothingGiven) {
        if (nothingGiven) {
            throw new UserException(
                    "--whitespace is for JSON: give --json, --json-schema or --constraint-file too, or leave it out");
        }
        if (constraint != null) {
            throw new UserException(
                    "--whitespace does not go with --constraint: write \"whitespace\": true in the file, at"
                            + " the json or json-schema that it is for");
        }
    }

    private Constraint compiled() {
        if (!choices.isEmpty()) {
            ArrayNode list = new ObjectMapper().createArrayNode();
            choices.forEach(list::add);
            return compiled("--choices", ConstraintKind.CHOICES, list.toString());
        }
        if (regex != null) {
            return compiled("--regex", ConstraintKind.REGEX, regex);
        }
        if (jsonSchema != null) {
            return compiled(
                    "--json-schema " + jsonSchema, ConstraintKind.JSON_SCHEMA, read("--json-schema", jsonSchema));
        }
        if (grammar != null) {
            return compiled("--grammar " + grammar, ConstraintKind.GBNF, read("--grammar", grammar));
        }
        if (constraintFile != null) {
            ConstraintKind kind = kindOf(constraintFile);
            String text = read("--constraint-file", constraintFile);
            boolean isLine = kind == ConstraintKind.REGEX;
            return compiled("--constraint-file " + constraintFile, kind, isLine ? text.stripTrailing() : text);
        }
        if (constraint != null) {
            return compiledFile(constraint);
        }
        return compiled("--json", ConstraintKind.JSON, "");
    }

    private Constraint compiled(String origin, ConstraintKind kind, String text) {
        return compiled(origin, kind, text, whitespaceRule());
    }

    /** The constraint in a file of {@code --constraint}. */
    static Constraint compiledFile(Path file) {
        return compiled("--constraint " + file, ConstraintKind.COMPOSED, read("--constraint", file), null);
    }

    private static Constraint compiled(
            String origin, ConstraintKind kind, String text, @Nullable WhitespaceRule whitespace) {
        try {
            return new ConstraintSource(kind, text, Set.of(), whitespace)
                    .compile(CompileBudget.start(CompileLimits.DEFAULT));
        } catch (ConstraintException e) {
            throw new UserException(origin + ": " + e.getMessage(), e);
        }
    }

    private @Nullable WhitespaceRule whitespaceRule() {
        if (whitespaceMax == null && whitespacePattern == null) {
            return whitespace ? WhitespaceRule.INDENTED : null;
        }
        if (whitespace) {
            throw new UserException(
                    "--whitespace is a rule of its own: leave it out, or --whitespace-max and --whitespace-pattern");
        }
        int max = whitespaceMax == null ? WhitespaceRule.DEFAULT_MAX : whitespaceMax;
        if (max < 0 || max > Whitespace.MOST_BYTES) {
            throw new UserException("--whitespace-max is from 0 to " + Whitespace.MOST_BYTES + ", not " + max);
        }
        if (whitespacePattern != null && whitespacePattern.isEmpty()) {
            throw new UserException("--whitespace-pattern is empty: leave it out for any white space");
        }
        return new WhitespaceRule(whitespacePattern == null ? "" : whitespacePattern, max);
    }

    private static ConstraintKind kindOf(Path file) {
        String name = file.getFileName().toString();
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "regex" -> ConstraintKind.REGEX;
            case "json" -> ConstraintKind.JSON_SCHEMA;
            case "gbnf" -> ConstraintKind.GBNF;
            case "choices" -> ConstraintKind.CHOICES;
            default ->
                throw new UserException("--constraint-file " + file
                        + ": its suffix says no kind of constraint; name it .regex, .json, .gbnf or .choices");
        };
    }

    private static String read(String option, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UserException(option + " " + file + ": cannot be read; is it there, and text in UTF-8?", e);
        }
    }
}
