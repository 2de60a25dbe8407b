package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.whitespace.Place;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** In an array, between its tokens: after the opening bracket, after an item, or after a comma. */
final class ArrayPosition extends Enclosing {
    enum Phase {
        OPENED,
        AFTER_ITEM,
        AFTER_COMMA
    }

    private static final ByteSet CLOSE = ByteSet.of(']');
    private static final ByteSet COMMA = ByteSet.of(',');

    private final Enclosing enclosing;
    private final ArrayRun[] runs;
    private final Phase phase;
    /** What may begin here; null where no item may. */
    private final @Nullable Demand demand;

    ArrayPosition(Enclosing enclosing, ArrayRun[] runs, Phase phase) {
        super(enclosing.network);
        this.enclosing = enclosing;
        this.runs = runs;
        this.phase = phase;
        this.demand = phase == Phase.AFTER_ITEM ? null : demandOf();
    }

    static @Nullable Position open(Enclosing enclosing) {
        ArrayRun[] runs = ArrayRun.open(enclosing);
        return runs.length == 0 ? null : new ArrayPosition(enclosing, runs, Phase.OPENED);
    }

    private @Nullable Demand demandOf() {
        int values = 0;
        for (ArrayRun run : runs) {
            values += run.choices();
        }
        Demands demands = new Demands(values);
        for (ArrayRun run : runs) {
            run.addTo(demands, enclosing.demand().after()[run.slot()]);
        }
        return demands.isEmpty() ? null : demands.demand();
    }

    @Override
    Demand demand() {
        if (demand == null) {
            throw new IllegalStateException("no item may begin here");
        }
        return demand;
    }

    @Override
    Position resume(boolean[] accepted) {
        return resume(accepted, null);
    }

    @Override
    Position resume(boolean[] accepted, byte @Nullable [] text) {
        return new ArrayPosition(enclosing, goOn(accepted, text), Phase.AFTER_ITEM);
    }

    /** The runs that take an item of the accepted slots. */
    private ArrayRun[] goOn(boolean[] accepted, byte @Nullable [] text) {
        ArrayRun[] next = new ArrayRun[runs.length];
        int count = 0;
        for (ArrayRun run : runs) {
            ArrayRun after = run.next(demand(), accepted, text);
            if (after != null) {
                next[count++] = after;
            }
        }
        return Arrays.copyOf(next, count);
    }

    private boolean canClose() {
        for (ArrayRun run : runs) {
            if (run.canClose()) {
                return phase != Phase.AFTER_COMMA;
            }
        }
        return false;
    }

    private boolean canGoOn() {
        for (ArrayRun run : runs) {
            if (run.canGoOn()) {
                return true;
            }
        }
        return false;
    }

    private Position close() {
        boolean[] accepted = new boolean[enclosing.demand().values().length];
        for (ArrayRun run : runs) {
            accepted[run.slot()] |= run.canClose();
        }
        return enclosing.resume(accepted);
    }

    @Override
    @Nullable
    Position advance(int nextByte) {
        if (nextByte == ']') {
            return canClose() ? close() : null;
        }
        if (phase == Phase.AFTER_ITEM) {
            return nextByte == ',' && canGoOn() ? afterComma() : null;
        }
        return demand == null ? null : begin(nextByte);
    }

    private Position afterComma() {
        ArrayRun[] next = new ArrayRun[runs.length];
        int count = 0;
        for (ArrayRun run : runs) {
            if (run.canGoOn()) {
                next[count++] = run;
            }
        }
        Position after = new ArrayPosition(enclosing, Arrays.copyOf(next, count), Phase.AFTER_COMMA);
        return BlankPosition.before(after, network.separators().afterComma());
    }

    @Override
    ByteSet liveBytes() {
        ByteSet close = canClose() ? CLOSE : ByteSet.NONE;
        if (phase == Phase.AFTER_ITEM) {
            return canGoOn() ? close.or(COMMA) : close;
        }
        return demand == null ? close : close.or(firstBytes());
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        if (phase != Phase.AFTER_COMMA && fewestAfterClosing() < bytesLeft) {
            CLOSE.addTo(words);
        }
        if (phase == Phase.AFTER_ITEM) {
            if (canGoOn()
                    && fewestAfterComma() <= bytesLeft - network.separators().commaBytes()) {
                COMMA.addTo(words);
            }
        } else if (demand != null) {
            demand.addLive(network, bytesLeft, words);
        }
    }

    private int fewestAfterClosing() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (ArrayRun run : runs) {
            if (run.canClose()) {
                fewest = Math.min(fewest, enclosing.demand().after()[run.slot()]);
            }
        }
        return fewest;
    }

    private int fewestAfterComma() {
        int fewest = Cursor.VERY_MANY_BYTES;
        for (ArrayRun run : runs) {
            int more = run.fewestWithAnotherItem(network);
            fewest = Math.min(fewest, Fewest.sum(more, enclosing.demand().after()[run.slot()]));
        }
        return fewest;
    }

    @Override
    Place place() {
        return switch (phase) {
            case OPENED -> Place.AFTER_OPENING;
            case AFTER_ITEM -> Place.AFTER_VALUE;
            case AFTER_COMMA -> Place.AFTER_COMMA;
        };
    }

    @Override
    public int fewestBytesToAccept() {
        int fewest = phase == Phase.AFTER_ITEM || demand == null ? Cursor.VERY_MANY_BYTES : demand.fewestBytes(network);
        if (phase != Phase.AFTER_COMMA) {
            for (ArrayRun run : runs) {
                int toClose = phase == Phase.OPENED ? run.fewestFromOpen() : run.fewestToClose();
                fewest = Math.min(fewest, toClose + enclosing.demand().after()[run.slot()]);
            }
        }
        return fewest;
    }

    @Override
    Enclosing enclosing() {
        return enclosing;
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(PositionWriter.ARRAY);
        out.number(phase.ordinal());
        out.number(runs.length);
        for (ArrayRun run : runs) {
            run.writeTo(out);
        }
    }
}
