package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Place;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** In an object, between its tokens. */
final class ObjectPosition extends Enclosing {
    private static final ByteSet CLOSE = ByteSet.of('}');
    private static final ByteSet COMMA = ByteSet.of(',');
    private static final ByteSet COLON = ByteSet.of(':');
    private static final ByteSet QUOTE = ByteSet.of('"');

    private final Enclosing enclosing;
    private final ObjectRun[] runs;
    private final ObjectPhase phase;
    /** What may begin here; null but after a colon. */
    private final @Nullable Demand demand;

    ObjectPosition(Enclosing enclosing, ObjectRun[] runs, ObjectPhase phase) {
        super(enclosing.network);
        this.enclosing = enclosing;
        this.runs = runs;
        this.phase = phase;
        this.demand = phase == ObjectPhase.AFTER_COLON ? demandOf() : null;
    }

    static @Nullable Position open(Enclosing enclosing) {
        List<ObjectRun> runs = new ArrayList<>(1);
        int[] values = enclosing.demand().values();
        for (int slot = 0; slot < values.length; slot++) {
            List<ObjectProgram> programs = enclosing.network.value(values[slot]).objects();
            for (int i = 0; i < programs.size(); i++) {
                runs.add(ObjectRun.open(slot, i, programs.get(i)));
            }
        }
        return runs.isEmpty()
                ? null
                : new ObjectPosition(enclosing, runs.toArray(new ObjectRun[0]), ObjectPhase.OPENED);
    }

    private Demand demandOf() {
        if (runs.length == 1 && !runs[0].mayMeet()) {
            return Demand.ofOne(runs[0].last().value(), Fewest.sum(runs[0].fewestToClose(), after(runs[0])));
        }
        return PendingValues.of(runs, enclosing.demand().after());
    }

    private int after(ObjectRun run) {
        return enclosing.demand().after()[run.slot()];
    }

    @Override
    Demand demand() {
        if (demand == null) {
            throw new IllegalStateException("no value may begin here");
        }
        return demand;
    }

    @Override
    Position resume(boolean[] accepted) {
        if (runs.length == 1 && !runs[0].mayMeet()) {
            return at(ObjectPhase.AFTER_VALUE);
        }
        ObjectRun[] next = new ObjectRun[runs.length];
        int count = 0;
        for (ObjectRun run : runs) {
            ObjectRun after = PendingValues.after(run, demand(), accepted);
            if (after != null) {
                next[count++] = after;
            }
        }
        return new ObjectPosition(enclosing, Arrays.copyOf(next, count), ObjectPhase.AFTER_VALUE);
    }

    private boolean canClose() {
        for (ObjectRun run : runs) {
            if (run.canClose()) {
                return phase == ObjectPhase.OPENED || phase == ObjectPhase.AFTER_VALUE;
            }
        }
        return false;
    }

    private boolean canGoOn() {
        for (ObjectRun run : runs) {
            if (run.canGoOn()) {
                return true;
            }
        }
        return false;
    }

    /** The runs that another key may come in. */
    private ObjectRun[] goingOn() {
        ObjectRun[] next = new ObjectRun[runs.length];
        int count = 0;
        for (ObjectRun run : runs) {
            if (run.canGoOn()) {
                next[count++] = run;
            }
        }
        return count == runs.length ? runs : Arrays.copyOf(next, count);
    }

    private Position close() {
        boolean[] accepted = new boolean[enclosing.demand().values().length];
        for (ObjectRun run : runs) {
            accepted[run.slot()] |= run.canClose();
        }
        return enclosing.resume(accepted);
    }

    private Position at(ObjectPhase next) {
        return new ObjectPosition(enclosing, runs, next);
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        return switch (phase) {
            case AFTER_KEY ->
                nextByte == ':'
                        ? BlankPosition.before(
                                at(ObjectPhase.AFTER_COLON),
                                network.separators().afterColon())
                        : null;
            case AFTER_COLON -> begin(nextByte);
            case AFTER_COMMA -> nextByte == '"' ? KeyPosition.open(enclosing, runs) : null;
            case OPENED ->
                nextByte == '}' && canClose()
                        ? close()
                        : nextByte == '"' && canGoOn() ? KeyPosition.open(enclosing, goingOn()) : null;
            case AFTER_VALUE ->
                nextByte == '}' && canClose()
                        ? close()
                        : nextByte == ',' && canGoOn()
                                ? BlankPosition.before(
                                        new ObjectPosition(enclosing, goingOn(), ObjectPhase.AFTER_COMMA),
                                        network.separators().afterComma())
                                : null;
        };
    }

    @Override
    ByteSet liveBytes() {
        ByteSet close = canClose() ? CLOSE : ByteSet.NONE;
        return switch (phase) {
            case AFTER_KEY -> COLON;
            case AFTER_COLON -> firstBytes();
            case AFTER_COMMA -> QUOTE;
            case OPENED -> canGoOn() ? close.or(QUOTE) : close;
            case AFTER_VALUE -> canGoOn() ? close.or(COMMA) : close;
        };
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        switch (phase) {
            case AFTER_KEY -> add(COLON, fewestBytesToAccept() <= bytesLeft, words);
            case AFTER_COLON -> demand().addLive(network, bytesLeft, words);
            case AFTER_COMMA -> add(QUOTE, fitsAnotherKey(bytesLeft - 1), words);
            case OPENED, AFTER_VALUE -> {
                add(CLOSE, fewestAfterClosing() < bytesLeft, words);
                boolean comma = phase == ObjectPhase.AFTER_VALUE;
                add(
                        comma ? COMMA : QUOTE,
                        fitsAnotherKey(
                                bytesLeft - 1 - (comma ? network.separators().commaBytes() : 0)),
                        words);
            }
        }
    }

    private static void add(ByteSet bytes, boolean fits, long[] words) {
        if (fits) {
            bytes.addTo(words);
        }
    }

    private int fewestAfterClosing() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (ObjectRun run : runs) {
            fewest = run.canClose() ? Math.min(fewest, after(run)) : fewest;
        }
        return fewest;
    }

    /** Whether another key fits. @param bytesLeft after its opening quote */
    private boolean fitsAnotherKey(int bytesLeft) {
        for (ObjectRun run : runs) {
            if (run.canGoOn() && run.costs().fitsAnotherKey(run, bytesLeft - after(run))) {
                return true;
            }
        }
        return false;
    }

    @Override
    Place place() {
        return phase.place();
    }

    @Override
    public int fewestBytesToAccept() {
        return switch (phase) {
            case AFTER_KEY -> Fewest.sum(1 + network.separators().afterColon().length(), fewestWithValue());
            case AFTER_COLON -> demand().fewestBytes(network);
            case AFTER_COMMA -> Fewest.sum(1, KeyPosition.open(enclosing, runs).fewestBytesToAccept());
            case OPENED, AFTER_VALUE -> {
                int fewest = Cursor.VERY_MANY_BYTES;
                for (ObjectRun run : runs) {
                    int toClose = phase == ObjectPhase.OPENED ? run.fewestFromOpen() : run.fewestToClose();
                    fewest = Math.min(fewest, Fewest.sum(toClose, after(run)));
                }
                yield fewest;
            }
        };
    }

    private int fewestWithValue() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (ObjectRun run : runs) {
            fewest = Math.min(fewest, Fewest.sum(PendingValues.fewestToClose(run, network), after(run)));
        }
        return fewest;
    }

    @Override
    Enclosing enclosing() {
        return enclosing;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(PositionWriter.OBJECT);
        out.number(phase.ordinal());
        out.number(runs.length);
        for (ObjectRun run : runs) {
            run.writeTo(out);
        }
    }
}
