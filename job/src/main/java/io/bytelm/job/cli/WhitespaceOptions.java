package io.bytelm.job.cli;

import io.bytelm.constraint.source.WhitespaceRule;
import io.bytelm.constraint.whitespace.Whitespace;
import io.bytelm.job.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which white space JSON may have between its tokens. */
final class WhitespaceOptions {
    @Option(
            names = "--whitespace",
            order = 18,
            description = "JSON may be printed as programs do: a space after colons and commas, or lines with an"
                    + " indentation of at most four spaces or a tab a level.")
    private boolean whitespace;

    @Option(
            names = "--whitespace-max",
            paramLabel = "BYTES",
            order = 19,
            description = "JSON may have any white space between its tokens, but at most so many bytes of it.")
    private @Nullable Integer max;

    @Option(
            names = "--whitespace-pattern",
            paramLabel = "PATTERN",
            order = 20,
            description = "The white space between two tokens of JSON matches this regular expression, in at most 64"
                    + " bytes or what --whitespace-max says.")
    private @Nullable String pattern;

    boolean areGiven() {
        return whitespace || max != null || pattern != null;
    }

    /** Null for none. @throws UserException if they contradict each other */
    @Nullable
    WhitespaceRule rule() {
        if (max == null && pattern == null) {
            return whitespace ? WhitespaceRule.INDENTED : null;
        }
        if (whitespace) {
            throw new UserException(
                    "--whitespace is a rule of its own: leave it out, or --whitespace-max and --whitespace-pattern");
        }
        int most = max == null ? WhitespaceRule.DEFAULT_MAX : max;
        if (most < 0 || most > Whitespace.MOST_BYTES) {
            throw new UserException("--whitespace-max is from 0 to " + Whitespace.MOST_BYTES + ", not " + most);
        }
        if (pattern != null && pattern.isEmpty()) {
            throw new UserException("--whitespace-pattern is empty: leave it out for any white space");
        }
        return new WhitespaceRule(pattern == null ? "" : pattern, most);
    }
}
