package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.schema.text.TextCheck;
import io.bytelm.constraint.schema.text.Texts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Strings of a language; a register counts code points where their number is limited.
 *
 * <p>The bytes that may come are kept for each state, with and without the closing quote.
 */
public final class StringProgram {
    private static final ByteSet QUOTE = ByteSet.of('"');
    /** A state's live bytes and, once it was visited, its run. */
    private static final int STATE_BYTES = 112;

    final ByteDfa texts;
    final int min;
    final int max;
    final boolean counted;
    /** What strings of documents that exist must pass when they have ended. */
    final List<TextCheck> checks;
    /** Where not every string is in the language and lengths are limited. */
    final @Nullable LengthTable lengths;

    /** The uncounted runs for slot 0, made when first needed. */
    final RunCache runs;

    private final ByteSet[] live;

    /**
     * @param texts between the quotes
     * @param max {@link Integer#MAX_VALUE} for no limit
     * @param checks what no automaton decides; empty for new documents
     */
    public StringProgram(ByteDfa texts, int min, int max, List<TextCheck> checks, CompileBudget budget) {
        this.texts = texts;
        this.min = min;
        this.max = max;
        this.checks = List.copyOf(checks);
        this.counted = min > 0 || max < Integer.MAX_VALUE;
        this.lengths = counted && texts != Texts.ANY_STRING ? new LengthTable(texts, min, max, budget) : null;
        budget.chargeMemory(STATE_BYTES * (long) texts.stateCount());
        budget.tick(texts.stateCount());
        runs = new RunCache(texts.stateCount());
        live = new ByteSet[texts.stateCount()];
        for (int state = 0; state < live.length; state++) {
            live[state] = texts.accepting(state) ? texts.live(state).or(QUOTE) : texts.live(state);
        }
    }

    /** The shortest string, quotes included; {@link Cursor#VERY_MANY_BYTES} if there is none. */
    public int fewestBytes() {
        if (lengths != null) {
            return Fewest.sum(2, lengths.fewestBytesAfter(0, 0));
        }
        return Fewest.sum(2, min > max ? Cursor.VERY_MANY_BYTES : counted ? min : texts.fewestBytesToAccept(0));
    }

    /** The bytes that may come, the closing quote among them. */
    ByteSet live(int state) {
        return live[state];
    }

    void addTo(Fingerprint fingerprint) {
        fingerprint.add(texts.fingerprint()).add(min).add(max);
        checks.forEach(check -> fingerprint.add(check.toString()));
    }
}
