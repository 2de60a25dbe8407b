package io.bytelm.job.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintOption;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.job.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
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

    @Option(names = "--whitespace", order = 17, description = "JSON may have white space between its tokens.")
    private boolean whitespace;

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
        if (whitespace && constraint != null) {
            throw new UserException(
                    "--whitespace does not go with --constraint: write \"whitespace\": true in the file, at"
                            + " the json or json-schema that it is for");
        }
        return given == 0 ? AnyBytes.INSTANCE : compiled();
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
        Set<ConstraintOption> options = EnumSet.noneOf(ConstraintOption.class);
        if (whitespace) {
            options.add(ConstraintOption.WHITESPACE);
        }
        return compiled(origin, kind, text, options);
    }

    /** The constraint in a file of {@code --constraint}. */
    static Constraint compiledFile(Path file) {
        return compiled("--constraint " + file, ConstraintKind.COMPOSED, read("--constraint", file), Set.of());
    }

    private static Constraint compiled(String origin, ConstraintKind kind, String text, Set<ConstraintOption> options) {
        try {
            return new ConstraintSource(kind, text, options).compile(CompileBudget.start(CompileLimits.DEFAULT));
        } catch (ConstraintException e) {
            throw new UserException(origin + ": " + e.getMessage(), e);
        }
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
