package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.whitespace.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * In a string, number or literal. A number ends where the byte after it comes, so a position after some digits is also the
 * position after the number.
 */
final class ScalarPosition extends Position {
    private final Enclosing enclosing;
    private final ScalarRun[] runs;
    private final boolean strings;

    private ScalarPosition(Enclosing enclosing, ScalarRun[] runs, boolean strings) {
        super(enclosing.network);
        this.enclosing = enclosing;
        this.runs = runs;
        this.strings = strings;
    }

    /** After an opening quote. */
    static @Nullable Position openString(Enclosing enclosing) {
        List<ScalarRun> runs = new ArrayList<>(1);
        int[] values = enclosing.demand().values();
        for (int slot = 0; slot < values.length; slot++) {
            List<StringProgram> programs = enclosing.network.value(values[slot]).strings();
            for (int i = 0; i < programs.size(); i++) {
                ScalarRun run = StringRun.open(slot, i, programs.get(i));
                runs.add(CheckedStringRun.open(run, i, programs.get(i).checks));
            }
            addDistinct(enclosing, slot, '"', runs);
        }
        return of(enclosing, runs, true);
    }

    /** After the first byte of a number or literal. */
    static @Nullable Position openOther(Enclosing enclosing, int firstByte) {
        List<ScalarRun> runs = new ArrayList<>(1);
        int[] values = enclosing.demand().values();
        for (int slot = 0; slot < values.length; slot++) {
            List<ByteDfa> programs = enclosing.network.value(values[slot]).scalars();
            for (int i = 0; i < programs.size(); i++) {
                int state = programs.get(i).next(0, firstByte);
                if (state >= 0) {
                    runs.add(new AutomatonRun(slot, i, programs.get(i), state));
                }
            }
            addDistinct(enclosing, slot, firstByte, runs);
        }
        return of(enclosing, runs, false);
    }

    private static void addDistinct(Enclosing enclosing, int slot, int firstByte, List<ScalarRun> runs) {
        DistinctRun before = enclosing.demand().distinct(slot);
        DistinctRun run = before == null ? null : before.step(firstByte);
        if (run != null) {
            runs.add(run);
        }
    }

    static @Nullable Position of(Enclosing enclosing, List<ScalarRun> runs, boolean strings) {
        return runs.isEmpty() ? null : of(enclosing, runs.toArray(new ScalarRun[0]), strings);
    }

    private static Position of(Enclosing enclosing, ScalarRun[] runs, boolean strings) {
        ScalarPosition position = new ScalarPosition(enclosing, runs, strings);
        for (ScalarRun run : runs) {
            if (!run.finished()) {
                return position;
            }
        }
        return position.after();
    }

    /** The position after the value, if it ends here. */
    private Position after() {
        boolean[] accepted = new boolean[enclosing.demand().values().length];
        byte[] text = null;
        for (ScalarRun run : runs) {
            boolean accepts = run.accepting();
            accepted[run.slot] |= accepts;
            text = accepts && run instanceof DistinctRun distinct ? distinct.text() : text;
        }
        return enclosing.resume(accepted, text);
    }

    private boolean canEnd() {
        for (ScalarRun run : runs) {
            if (run.accepting()) {
                return true;
            }
        }
        return false;
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        ScalarRun[] next = new ScalarRun[runs.length];
        int count = 0;
        for (ScalarRun run : runs) {
            ScalarRun stepped = run.step(nextByte);
            if (stepped != null) {
                next[count++] = stepped;
            }
        }
        if (count == 0) {
            return afterEnd(nextByte);
        }
        return of(enclosing, count == runs.length ? next : Arrays.copyOf(next, count), strings);
    }

    /** The value ends before this byte. */
    private @Nullable Position afterEnd(int nextByte) {
        return canEnd() ? after().step(nextByte) : null;
    }

    @Override
    ByteSet liveBytes() {
        ByteSet bytes = runs[0].live();
        for (int i = 1; i < runs.length; i++) {
            bytes = bytes.or(runs[i].live());
        }
        return canEnd() ? bytes.or(after().live()) : bytes;
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        int[] after = enclosing.demand().after();
        for (ScalarRun run : runs) {
            run.addLive(bytesLeft - after[run.slot], words);
        }
        if (canEnd()) {
            after().live(bytesLeft).addTo(words);
        }
    }

    @Override
    @Nullable
    Place place() {
        return null;
    }

    @Override
    public boolean accepting() {
        return canEnd() && after().accepting();
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (ScalarRun run : runs) {
            fewest = Math.min(
                    fewest, run.fewestBytesToAccept() + enclosing.demand().after()[run.slot]);
        }
        return fewest;
    }

    @Override
    Enclosing enclosing() {
        return enclosing;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(strings ? PositionWriter.STRING : PositionWriter.OTHER_SCALAR);
        out.number(runs.length);
        for (ScalarRun run : runs) {
            run.writeTo(out);
        }
    }
}
