package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import org.jspecify.annotations.Nullable;

/** A position in which a value may begin. */
abstract class Enclosing extends Position {
    Enclosing(Network network) {
        super(network);
    }

    /** The values that may begin here. */
    abstract Demand demand();

    /**
     * The position after such a value.
     *
     * @param accepted {@code [slots]} the values of the demand that it is; at least one
     */
    abstract Position resume(boolean[] accepted);

    /**
     * The position after such a value, whose text is known.
     *
     * @param text of an item that must be none of those before it; null if it is none of that kind
     */
    Position resume(boolean[] accepted, byte @Nullable [] text) {
        return resume(accepted);
    }

    /** Begins a value. */
    final @Nullable Position begin(int firstByte) {
        return switch (firstByte) {
            case '{' -> ObjectPosition.open(this);
            case '[' -> ArrayPosition.open(this);
            case '"' -> ScalarPosition.openString(this);
            default -> ScalarPosition.openOther(this, firstByte);
        };
    }

    final ByteSet firstBytes() {
        return demand().firstBytes(network);
    }
}
