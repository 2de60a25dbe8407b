package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import org.jspecify.annotations.Nullable;

/** One alternative of a scalar value, some bytes into it. Immutable. */
abstract class ScalarRun {
    /** The slot of the demand that it is for. */
    final int slot;

    ScalarRun(int slot) {
        this.slot = slot;
    }

    abstract @Nullable ScalarRun step(int nextByte);

    abstract ByteSet live();

    abstract boolean accepting();

    /** Whether it accepts and nothing more can come. */
    abstract boolean finished();

    abstract int fewestBytesToAccept();

    abstract void writeTo(PositionWriter out);
}
