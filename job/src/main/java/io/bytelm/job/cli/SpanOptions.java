package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.span.SpanKind;
import io.bytelm.span.SpanRule;
import io.bytelm.span.SpanSpace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Into what texts are split. */
final class SpanOptions {
    private static final String REGEX = "regex:";

    @Option(
            names = "--spans",
            paramLabel = "RULE",
            order = 310,
            description = "Also tell the log-likelihood of each span: words (between white space), lines, sentences, or"
                    + " regex:PATTERN, the matches of a regular expression and what is between them.")
    private @Nullable String rule;

    @Option(
            names = "--span-space",
            paramLabel = "WHERE",
            order = 311,
            description =
                    "Whether the white space between two words (or sentences) belongs to the one before it, and so"
                            + " tells that it ends, or to the one after it. Default: after.")
    private @Nullable SpanSpace space;

    /**
     * What was asked for; null for nothing.
     *
     * @throws UserException if there is no such rule, or its pattern cannot be used
     */
    @Nullable
    SpanRule rule() {
        if (rule == null) {
            if (space != null) {
                throw new UserException("--span-space means nothing without --spans words or sentences");
            }
            return null;
        }
        try {
            SpanRule parsed = parsed(rule);
            parsed.splitter();
            return parsed;
        } catch (IllegalArgumentException e) {
            throw new UserException("--spans " + rule + ": " + e.getMessage(), e);
        }
    }

    private SpanRule parsed(String text) {
        if (text.startsWith(REGEX)) {
            SpanRule matches = SpanRule.ofRegex(text.substring(REGEX.length()));
            requireSpace(matches.kind());
            return matches;
        }
        for (SpanKind kind : SpanKind.withoutPattern()) {
            if (kind.label().equals(text)) {
                requireSpace(kind);
                return SpanRule.of(kind, space == null ? SpanSpace.AFTER : space);
            }
        }
        throw new UserException("--spans must be words, lines, sentences or regex:PATTERN, got '" + text + "'");
    }

    private void requireSpace(SpanKind kind) {
        if (space != null && !kind.hasSpace()) {
            throw new UserException("--span-space is for words and sentences; it means nothing with --spans "
                    + (kind == SpanKind.REGEX ? REGEX + "PATTERN" : kind.label()) + ", leave it out");
        }
    }
}
