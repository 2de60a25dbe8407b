package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintKind;
import io.bytelm.constraint.source.ConstraintOption;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.constraint.source.WhitespaceRule;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;

/** What an output must satisfy; at most one of them. All of them stand in the statement themselves. */
final class ConstraintOptions {
    private static final ConfigOption<String> CHOICES = key("choices")
            .stringType()
            .noDefaultValue()
            .withDescription("The output is one of these texts: a JSON list.");

    private static final ConfigOption<String> REGEX =
            key("regex").stringType().noDefaultValue().withDescription("The output matches this regular expression.");

    private static final ConfigOption<Boolean> JSON =
            key("json").booleanType().defaultValue(false).withDescription("The output is JSON of any shape.");

    private static final ConfigOption<String> JSON_SCHEMA = key("json-schema")
            .stringType()
            .noDefaultValue()
            .withDescription("The output is JSON that satisfies this JSON Schema.");

    private static final ConfigOption<String> GRAMMAR = key("grammar")
            .stringType()
            .noDefaultValue()
            .withDescription("The output is derived from this GBNF grammar.");

    private static final ConfigOption<String> CONSTRAINT = key("constraint")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The output satisfies this constraint: a JSON object with a kind, as in the records that open"
                            + " sessions; it may join others (sequence, alternative, optional, repeat, regions, openai).");

    static final Set<ConfigOption<?>> ALL = Set.of(CHOICES, REGEX, JSON, JSON_SCHEMA, GRAMMAR, CONSTRAINT);

    private ConstraintOptions() {}

    /** An option that was given, and what it says. */
    private record Written(ConfigOption<?> option, ConstraintKind kind, String text) {}

    /**
     * The compiled constraint; anything if none was given.
     *
     * @throws org.apache.flink.table.api.ValidationException if there are two, or it is refused
     */
    static Constraint compile(GivenOptions given) {
        List<Written> written = written(given);
        if (written.size() > 1) {
            throw GivenOptions.refused(
                    written.get(1).option(),
                    "and '" + written.get(0).option().key() + "' are two constraints; give one of them");
        }
        if (written.isEmpty()) {
            given.refuseAll(WhitespaceOptions.ALL, "is for 'json' and 'json-schema'");
            return AnyBytes.INSTANCE;
        }
        return compiled(written.get(0), given);
    }

    private static List<Written> written(GivenOptions given) {
        List<Written> written = new ArrayList<>();
        addIfGiven(written, given, CHOICES, ConstraintKind.CHOICES);
        addIfGiven(written, given, REGEX, ConstraintKind.REGEX);
        addIfGiven(written, given, JSON_SCHEMA, ConstraintKind.JSON_SCHEMA);
        addIfGiven(written, given, GRAMMAR, ConstraintKind.GBNF);
        addIfGiven(written, given, CONSTRAINT, ConstraintKind.COMPOSED);
        if (given.get(JSON)) {
            written.add(new Written(JSON, ConstraintKind.JSON, ""));
        }
        return written;
    }

    private static void addIfGiven(
            List<Written> written, GivenOptions given, ConfigOption<String> option, ConstraintKind kind) {
        String text = given.orNull(option);
        if (text != null) {
            written.add(new Written(option, kind, text));
        }
    }

    private static Constraint compiled(Written written, GivenOptions given) {
        if (written.kind() == ConstraintKind.COMPOSED) {
            given.refuseAll(
                    WhitespaceOptions.ALL,
                    "does not go with 'constraint': write \"whitespace\" in it, at the json or json-schema that it is for");
        }
        if (!written.kind().takes(ConstraintOption.WHITESPACE)) {
            given.refuseAll(WhitespaceOptions.ALL, "is for 'json' and 'json-schema'");
        }
        WhitespaceRule whitespace = WhitespaceOptions.read(given);
        try {
            return new ConstraintSource(written.kind(), written.text(), Set.of(), whitespace)
                    .compile(CompileBudget.start(CompileLimits.DEFAULT));
        } catch (ConstraintException e) {
            throw GivenOptions.refused(written.option(), "is refused: " + e.getMessage());
        }
    }
}
