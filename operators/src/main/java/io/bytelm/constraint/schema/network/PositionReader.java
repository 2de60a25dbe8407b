package io.bytelm.constraint.schema.network;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.whitespace.Gaps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads what {@link PositionWriter} wrote. Used by one thread. */
public final class PositionReader {
    /** The last place after a key that is not a name, where keys are ordered. */
    private static final int AFTER_OTHERS = -2;

    private final byte[] bytes;
    private int at;

    private PositionReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /** @throws IllegalArgumentException if the bytes are not a position of the network */
    public static Position read(byte[] saved, Network network) {
        PositionReader reader = new PositionReader(saved);
        try {
            Position position = null;
            while (reader.at < saved.length) {
                position = reader.readOne(network, position);
            }
            if (position != null) {
                return position;
            }
        } catch (IndexOutOfBoundsException | ClassCastException | NullPointerException e) {
            throw new IllegalArgumentException("the saved bytes are not a position of this constraint", e);
        }
        throw new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }

    private @Nullable Position readOne(Network network, @Nullable Position around) {
        int kind = number();
        if (kind == PositionWriter.ROOT) {
            return new RootPosition(network);
        } else if (kind == PositionWriter.END) {
            return new EndPosition(network);
        }
        if (kind == PositionWriter.GAP) {
            return readGap(network, around);
        } else if (kind == PositionWriter.BLANK) {
            return around == null ? null : BlankPosition.before(around, new String(bytes(), US_ASCII));
        }
        if (!(around instanceof Enclosing enclosing)) {
            throw new IllegalArgumentException("the saved bytes are not a position of this constraint");
        }
        return switch (kind) {
            case PositionWriter.STRING -> readStrings(enclosing);
            case PositionWriter.OTHER_SCALAR -> readOthers(enclosing);
            case PositionWriter.ARRAY -> readArray(enclosing);
            case PositionWriter.OBJECT -> {
                ObjectPhase phase = ObjectPhase.values()[number()];
                yield new ObjectPosition(enclosing, readObjects(enclosing), phase);
            }
            default -> readKey(enclosing);
        };
    }

    private @Nullable Position readGap(Network network, @Nullable Position before) {
        Gaps gaps = network.whitespace().gaps();
        return gaps == null || before == null ? null : GapPosition.of(before, gaps, number());
    }

    private int number() {
        return (int) longNumber();
    }

    private long longNumber() {
        long number = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at++];
            number |= (long) (b & 0x7F) << shift;
            if (b >= 0) {
                return number;
            }
        }
    }

    private byte[] bytes() {
        int length = number();
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    private SortedKeys keys() {
        SortedKeys keys = SortedKeys.NONE;
        for (int left = number(); left > 0; left--) {
            keys = keys.with(bytes());
        }
        return keys;
    }

    /** An item that must be none of those before it; null if the slot is for other values. */
    private @Nullable ScalarRun distinct(Enclosing enclosing, int slot) {
        DistinctRun run = enclosing.demand().distinct(slot);
        byte[] text = run == null ? new byte[0] : bytes();
        for (int i = 0; i < text.length && run != null; i++) {
            run = run.step(text[i] & 0xFF);
        }
        return run;
    }

    private static ValueProgram value(Enclosing enclosing, int slot) {
        return enclosing.network.value(enclosing.demand().values()[slot]);
    }

    private @Nullable Position readStrings(Enclosing enclosing) {
        List<ScalarRun> runs = new ArrayList<>();
        for (int left = number(); left > 0; left--) {
            int slot = number();
            ScalarRun distinct = distinct(enclosing, slot);
            runs.add(distinct != null ? distinct : readString(enclosing, slot));
        }
        return ScalarPosition.of(enclosing, runs, true);
    }

    private ScalarRun readString(Enclosing enclosing, int slot) {
        int index = number();
        StringProgram program = value(enclosing, slot).strings().get(index);
        if (!program.checks.isEmpty()) {
            ScalarRun run = CheckedStringRun.open(StringRun.open(slot, index, program), index, program.checks);
            for (byte b : bytes()) {
                run = Objects.requireNonNull(run.step(b & 0xFF));
            }
            return run;
        }
        return StringRun.of(slot, index, program, number() - 1, number(), number());
    }

    private ScalarRun readOther(Enclosing enclosing, int slot) {
        int index = number();
        ByteDfa dfa = value(enclosing, slot).scalars().get(index);
        return new AutomatonRun(slot, index, dfa, number());
    }

    private @Nullable Position readOthers(Enclosing enclosing) {
        List<ScalarRun> runs = new ArrayList<>();
        for (int left = number(); left > 0; left--) {
            int slot = number();
            ScalarRun distinct = distinct(enclosing, slot);
            runs.add(distinct != null ? distinct : readOther(enclosing, slot));
        }
        return ScalarPosition.of(enclosing, runs, false);
    }

    private Position readArray(Enclosing enclosing) {
        ArrayPosition.Phase phase = ArrayPosition.Phase.values()[number()];
        ArrayRun[] runs = new ArrayRun[number()];
        for (int i = 0; i < runs.length; i++) {
            int slot = number();
            int index = number();
            ArrayProgram program = value(enclosing, slot).arrays().get(index);
            int count = number();
            int matches = number();
            SortedKeys used = program.distinct() == null ? SortedKeys.NONE : keys();
            runs[i] = new ArrayRun(slot, index, program, count, matches, used);
        }
        return new ArrayPosition(enclosing, runs, phase);
    }

    private ObjectRun[] readObjects(Enclosing enclosing) {
        ObjectRun[] runs = new ObjectRun[number()];
        for (int i = 0; i < runs.length; i++) {
            runs[i] = readObject(enclosing);
        }
        return runs;
    }

    private ObjectRun readObject(Enclosing enclosing) {
        int slot = number();
        int index = number();
        int pending = number() - 1;
        ObjectProgram program = value(enclosing, slot).objects().get(index);
        long[] seen = Bits.none(program.names().size());
        for (int i = 0; i < seen.length; i++) {
            seen[i] = longNumber();
        }
        SortedKeys used = keys();
        int lastPlace = number() - 2;
        int place = lastPlace == AFTER_OTHERS ? LastKey.AFTER_NAMES : lastPlace;
        int unmet = program.witness() == null ? 0 : number();
        int keyClass = LastKey.NO_CLASS;
        if (program.witness() != null && program.witness().conditions() > 1) {
            keyClass = number() - 1;
        } else if (unmet > 1) {
            keyClass = Objects.requireNonNull(program.witness()).classOf(unmet - 2);
            unmet = 1;
        }
        Owed owed = Owed.of(program, required(program, seen), seen, unmet);
        return ObjectRun.of(slot, index, program, seen, used, owed, new LastKey(place, pending, keyClass));
    }

    /** The names that must come, also because of those that have. */
    private static long[] required(ObjectProgram program, long[] seen) {
        long[] required = program.required();
        for (int name = 0; name < program.names().size(); name++) {
            long[] more = Bits.contains(seen, name) ? program.dependent().get(name) : null;
            required = more == null ? required : Bits.or(required, more);
        }
        return required;
    }

    private @Nullable Position readKey(Enclosing enclosing) {
        Position position = KeyPosition.open(enclosing, readObjects(enclosing));
        for (byte b : bytes()) {
            position = position == null ? null : position.advance(b & 0xFF);
        }
        return position;
    }
}
