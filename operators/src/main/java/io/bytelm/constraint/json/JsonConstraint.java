package io.bytelm.constraint.json;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.whitespace.Gaps;
import io.bytelm.constraint.whitespace.Place;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The output is one JSON text of any shape, up to a depth. */
public final class JsonConstraint implements Constraint {
    private final JsonOptions options;
    private final JsonAutomaton automaton;

    public JsonConstraint(JsonOptions options) {
        this.options = options;
        this.automaton = new JsonAutomaton(options);
    }

    @Override
    public Cursor start() {
        return new JsonCursor(this, automaton.start(Segment.TOP_VALUE), null);
    }

    @Override
    public Cursor restore(byte[] saved) {
        ByteBuffer in = ByteBuffer.wrap(saved);
        try {
            int state = in.getShort();
            int depth = in.getInt();
            @Nullable OpenContainer open = null;
            for (int level = 0; level < depth; level++) {
                boolean object = (in.get(in.position() + level / 8) >> level % 8 & 1) != 0;
                open = new OpenContainer(object, open);
            }
            int kinds = (depth + 7) / 8;
            boolean inGap = in.remaining() == kinds + Integer.BYTES;
            if (state < 0
                    || state >= automaton.stateCount()
                    || depth > options.maxDepth()
                    || !(inGap || in.remaining() == kinds)) {
                throw notAPosition();
            }
            JsonCursor cursor = new JsonCursor(this, state, open);
            return inGap ? inGap(cursor, in.getInt(in.position() + kinds)) : cursor;
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw notAPosition();
        }
    }

    private static Cursor inGap(JsonCursor cursor, int gap) {
        Gaps gaps = cursor.constraint().gaps();
        Place place = cursor.place();
        if (gaps == null || place == null || gap <= Gaps.NOT_BEGUN || !gaps.isGap(gap)) {
            throw notAPosition();
        }
        return cursor.inGap(gaps, place, gap);
    }

    private static IllegalArgumentException notAPosition() {
        return new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }

    @Override
    public long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(options.maxDepth());
        automaton.addTo(fingerprint);
        if (gaps() != null) {
            options.whitespace().addTo(fingerprint);
        }
        return fingerprint.value();
    }

    /** What may stand between tokens beside what the automaton reads. */
    @Nullable
    Gaps gaps() {
        return options.whitespace().gaps();
    }

    JsonAutomaton automaton() {
        return automaton;
    }

    int maxDepth() {
        return options.maxDepth();
    }
}
