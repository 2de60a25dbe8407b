package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.schema.text.TextCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A string of a document that exists which must pass checks that no automaton makes: they are made where it may end, so that a text
 * which cannot be completed is found out there and no earlier.
 */
final class CheckedStringRun extends ScalarRun {
    private static final ByteSet QUOTE = ByteSet.of('"');

    private final ScalarRun run;
    private final int index;
    private final List<TextCheck> checks;
    private final @Nullable KeyText text;

    private CheckedStringRun(ScalarRun run, int index, List<TextCheck> checks, @Nullable KeyText text) {
        super(run.slot);
        this.run = run;
        this.index = index;
        this.checks = checks;
        this.text = text;
    }

    static ScalarRun open(ScalarRun run, int index, List<TextCheck> checks) {
        return checks.isEmpty() ? run : new CheckedStringRun(run, index, checks, null);
    }

    @Override
    @Nullable
    ScalarRun step(int nextByte) {
        ScalarRun next = run.step(nextByte);
        if (next == null || next.finished()) {
            return next == null || !passes() ? null : next;
        }
        return new CheckedStringRun(next, index, checks, KeyText.append(text, nextByte));
    }

    private boolean passes() {
        byte[] bytes = KeyText.toBytes(text);
        return checks.stream().allMatch(check -> check.passes(bytes));
    }

    private boolean closes() {
        ScalarRun next = run.step('"');
        return next != null && next.finished();
    }

    @Override
    ByteSet live() {
        return closes() && !passes() ? run.live().minus(QUOTE) : run.live();
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        long[] of = new long[words.length];
        run.addLive(bytesLeft, of);
        if (closes() && !passes()) {
            of['"' >> 6] &= ~(1L << '"');
        }
        for (int i = 0; i < words.length; i++) {
            words[i] |= of[i];
        }
    }

    @Override
    boolean accepting() {
        return false;
    }

    @Override
    boolean finished() {
        return false;
    }

    /** At least so many. */
    @Override
    int fewestBytesToAccept() {
        return run.fewestBytesToAccept();
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(index);
        out.bytes(KeyText.toBytes(text));
    }
}
