package io.bytelm.service;

import io.bytelm.dist.LogSpace;
import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a beam will probably ask for while it reads a known stretch of text: the canonical contexts, and then the other
 * ways to cut the text that have a share in its probability, found in the rows as they are evaluated. The shares are those
 * that the beam prunes by, in a beam that began with the stretch's first context alone.
 */
final class Foresight {
    /** A beam's other ways to cut a text are mostly pruned below this share. */
    private static final double LOG_SHARE = Math.log(0.05);

    /**
     * A context on its way through the text.
     *
     * @param at how many bytes of the text it spells
     * @param logWeight of its tokens, given the stretch's first context (nats)
     */
    private record Reading(int at, double logWeight) {}

    private final TokenByteTrie trie;
    private final CanonicalContexts.Stretch stretch;
    private final double[] logTotals; // [text.length]: of all that goes on from there, or ends a token there
    private final Map<TokenContext, Reading> unread = new LinkedHashMap<>(); // their rows are not there

    Foresight(TokenByteTrie trie, CanonicalContexts.Stretch stretch) {
        this.trie = trie;
        this.stretch = stretch;
        this.logTotals = new double[stretch.text().length];
        Arrays.fill(logTotals, Double.NEGATIVE_INFINITY);
        unread.put(stretch.contexts().get(0), new Reading(0, 0));
    }

    /** The canonical contexts. */
    List<TokenContext> canonical() {
        return stretch.contexts();
    }

    /**
     * Reads the rows that are there, and those of the contexts that they lead to.
     *
     * @return the contexts that come next, without a row until now
     * @throws io.bytelm.lm.ModelException if a row holds no probabilities
     */
    List<TokenContext> alternatives(Function<TokenContext, @Nullable EvaluatedRow> rows) {
        boolean reads = true;
        while (reads) {
            reads = false;
            for (TokenContext context : List.copyOf(unread.keySet())) {
                EvaluatedRow row = rows.apply(context);
                Reading reading = row == null ? null : unread.remove(context);
                if (row != null && reading != null) {
                    read(context, reading, row);
                    reads = true;
                }
            }
        }
        List<TokenContext> likely = new ArrayList<>();
        unread.forEach((context, reading) -> {
            if (LogSpace.logDivide(reading.logWeight, logTotals[reading.at]) > LOG_SHARE) {
                likely.add(context);
            }
        });
        return likely;
    }

    private void read(TokenContext context, Reading reading, EvaluatedRow row) {
        byte[] rest = Arrays.copyOfRange(stretch.text(), reading.at, stretch.text().length);
        Expansion masses = new PathWalk(trie, row, HiddenTokens.NONE, true).along(rest, ExpandRequest.NO_ROWS);
        for (int d = 1; d <= masses.depth() && reading.at + d < logTotals.length; d++) {
            int at = reading.at + d;
            if (d < masses.depth()) {
                addTotal(at, reading.logWeight + masses.logMass()[d + 1]);
            }
            for (int i = 0; i < masses.endTokens()[d].length; i++) {
                double logWeight = reading.logWeight + masses.endLogMass()[d][i];
                addTotal(at, logWeight);
                unread.put(context.plus(masses.endTokens()[d][i]), new Reading(at, logWeight));
            }
        }
    }

    private void addTotal(int at, double logMass) {
        logTotals[at] = LogSpace.logAdd(logTotals[at], logMass);
    }
}
