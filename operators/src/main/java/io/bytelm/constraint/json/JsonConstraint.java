package io.bytelm.constraint.json;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
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
            if (state < 0
                    || state >= automaton.stateCount()
                    || depth > options.maxDepth()
                    || in.remaining() != (depth + 7) / 8) {
                throw notAPosition();
            }
            return new JsonCursor(this, state, open);
        } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
            throw notAPosition();
        }
    }

    private static IllegalArgumentException notAPosition() {
        return new IllegalArgumentException("the saved bytes are not a position of this constraint");
    }

    @Override
    public long fingerprint() {
        Fingerprint fingerprint = new Fingerprint().add(options.maxDepth());
        automaton.addTo(fingerprint);
        return fingerprint.value();
    }

    JsonAutomaton automaton() {
        return automaton;
    }

    int maxDepth() {
        return options.maxDepth();
    }
}
