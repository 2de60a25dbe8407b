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
import io.bytelm.constraint.source.WhitespaceRule;
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
import picocli.CommandLine.Mixin;
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
            names = "--lark",
            paramLabel = "FILE",
            order = 14,
            description = "The output is derived from the Lark grammar in this file.")
    private @Nullable Path lark;

    @Option(
            names = "--constraint-file",
            paramLabel = "FILE",
            order = 15,
            description =
                    "The constraint in this file, whose kind is its suffix: .regex, .json (a schema), .gbnf, .lark,"
                            + " or .choices (a JSON list).")
    private @Nullable Path constraintFile;

    @Option(
            names = "--constraint",
            paramLabel = "FILE",
            order = 16,
            description =
                    "The constraint in this file: a JSON object with a kind, as in the records that open sessions; it"
                            + " may join others (sequence, alternative, optional, repeat, regions, openai).")
    private @Nullable Path constraint;

    @Option(names = "--search", order = 17, description = "It is enough that --regex occurs somewhere in the output.")
    private boolean search;

    @Option(
            names = "--annotate-formats",
            order = 17,
            description = "What \"format\" says in a JSON Schema is not enforced.")
    private boolean annotateFormats;

    @Option(
            names = "--lenient",
            order = 17,
            description = "A keyword of a JSON Schema that cannot be enforced is ignored, and told in a line; else it"
                    + " refuses the schema.")
    private boolean lenient;

    @Mixin
    private WhitespaceOptions whitespace;

    /**
     * A constraint, and what it leaves out.
     *
     * @param ignored a line for each keyword of a schema that is not enforced: its place, and why
     */
    record Compiled(Constraint constraint, List<String> ignored) {}

    /**
     * The compiled constraint; anything if none was given.
     *
     * @throws UserException if there are two, a file cannot be read, or it is refused
     */
    Compiled compile() {
        long given = Stream.of(
                        !choices.isEmpty(),
                        regex != null,
                        json,
                        jsonSchema != null,
                        grammar != null,
                        lark != null,
                        constraintFile != null,
                        constraint != null)
                .filter(is -> is)
                .count();
        if (given > 1) {
            throw new UserException(
                    "give one of --choices, --regex, --json, --json-schema, --grammar, --lark, --constraint-file, --constraint,"
                            + " not " + given);
        }
        if (whitespace.areGiven()) {
            refuseWhitespaceWithoutJson(given == 0);
        }
        if (!flags().isEmpty() && (given == 0 || constraint != null)) {
            throw new UserException(
                    "--search is for --regex, --annotate-formats and --lenient are for --json-schema; in a"
                            + " file for --constraint they are fields of the constraint: leave the option out");
        }
        return given == 0 ? new Compiled(AnyBytes.INSTANCE, List.of()) : compiled();
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

    private Compiled compiled() {
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
        if (lark != null) {
            return compiled("--lark " + lark, ConstraintKind.LARK, read("--lark", lark));
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

    private Compiled compiled(String origin, ConstraintKind kind, String text) {
        return compiled(origin, kind, text, flags(), whitespace.rule());
    }

    private Set<ConstraintOption> flags() {
        Set<ConstraintOption> flags = EnumSet.noneOf(ConstraintOption.class);
        if (search) {
            flags.add(ConstraintOption.SEARCH);
        }
        if (annotateFormats) {
            flags.add(ConstraintOption.ANNOTATE_FORMATS);
        }
        if (lenient) {
            flags.add(ConstraintOption.LENIENT);
        }
        return flags;
    }

    /** The constraint in a file of {@code --constraint}. */
    static Compiled compiledFile(Path file) {
        return compiled("--constraint " + file, ConstraintKind.COMPOSED, read("--constraint", file), Set.of(), null);
    }

    private static Compiled compiled(
            String origin,
            ConstraintKind kind,
            String text,
            Set<ConstraintOption> flags,
            @Nullable WhitespaceRule whitespace) {
        try {
            CompileBudget budget = CompileBudget.start(CompileLimits.DEFAULT);
            Constraint compiled = new ConstraintSource(kind, text, flags, whitespace).compile(budget);
            return new Compiled(compiled, budget.ignored());
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
            case "lark" -> ConstraintKind.LARK;
            case "choices" -> ConstraintKind.CHOICES;
            default ->
                throw new UserException("--constraint-file " + file
                        + ": its suffix says no kind of constraint; name it .regex, .json, .gbnf, .lark or .choices");
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
