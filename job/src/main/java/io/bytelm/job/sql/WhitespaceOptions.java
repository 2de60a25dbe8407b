package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.constraint.whitespace.Whitespace;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** Which white space JSON may have between its tokens; none unless told otherwise. The options of the command line. */
final class WhitespaceOptions {
    private static final ConfigOption<Boolean> WHITESPACE = key("whitespace")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether JSON may be printed as programs do: a space after colons and commas, or lines with"
                            + " an indentation of at most four spaces or a tab a level.");

    private static final ConfigOption<Integer> WHITESPACE_MAX = key("whitespace-max")
            .intType()
            .defaultValue(WhitespaceRule.DEFAULT_MAX)
            .withDescription("JSON may have any white space between its tokens, but at most so many bytes of it.");

    private static final ConfigOption<String> WHITESPACE_PATTERN = key("whitespace-pattern")
            .stringType()
            .noDefaultValue()
            .withDescription("The white space between two tokens of JSON matches this regular expression, in at most 64"
                    + " bytes or what whitespace-max says.");

    static final Set<ConfigOption<?>> ALL = Set.of(WHITESPACE, WHITESPACE_MAX, WHITESPACE_PATTERN);

    private WhitespaceOptions() {}

    /**
     * Null for none.
     *
     * @throws org.apache.flink.table.api.ValidationException if the number is out of its range, or two do not go together
     */
    static @Nullable WhitespaceRule read(GivenOptions given) {
        boolean isPrinted = given.get(WHITESPACE);
        if (!given.has(WHITESPACE_MAX) && !given.has(WHITESPACE_PATTERN)) {
            return isPrinted ? WhitespaceRule.INDENTED : null;
        }
        if (isPrinted) {
            throw GivenOptions.refused(
                    WHITESPACE, "is a rule of its own: leave it out, or 'whitespace-max' and 'whitespace-pattern'");
        }
        String pattern = given.orNull(WHITESPACE_PATTERN);
        return new WhitespaceRule(
                pattern == null ? "" : pattern, given.within(WHITESPACE_MAX, 0, Whitespace.MOST_BYTES));
    }
}
