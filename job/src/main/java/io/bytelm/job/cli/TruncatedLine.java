package io.bytelm.job.cli;

import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.service.TrieLmService;
import java.util.List;

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

    /**
     * Says it of each of several models of which it is so.
     *
     * @param longestContexts one a model
     */
    static void printEach(List<Integer> longestContexts, List<TrieLmService> models, Terminal terminal) {
        for (int i = 0; i < models.size(); i++) {
            long contextTokens = models.get(i).contextTokens();
            if (isTruncated(longestContexts.get(i), contextTokens)) {
                terminal.line("model %d:", i + 1);
                print(longestContexts.get(i), contextTokens, terminal);
            }
        }
    }

    static boolean isTruncated(long longestContext, long contextTokens) {
        return longestContext > contextTokens;
    }
}
