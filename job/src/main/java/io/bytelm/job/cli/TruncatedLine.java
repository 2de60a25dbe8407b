package io.bytelm.job.cli;

import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;

/** One line about a text that is longer than the model's context. */
final class TruncatedLine {
    private TruncatedLine() {}

    /**
     * Says it, if it is so.
     *
     * @param longestContext in tokens, of those that numbers were computed from
     * @param contextTokens how many tokens of a context the model reads at most
     */
    static void print(long longestContext, long contextTokens, Terminal terminal) {
        if (isTruncated(longestContext, contextTokens)) {
            terminal.line(terminal.styled(
                    Style.YELLOW,
                    "truncated: contexts of up to %d tokens, of which this model reads at most the last %d"
                            .formatted(longestContext, contextTokens)));
        }
    }

    static boolean isTruncated(long longestContext, long contextTokens) {
        return longestContext > contextTokens;
    }
}
