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

    /**
     * Adds the live bytes after which a completion still fits to 256 bits.
     *
     * @param bytesLeft to the end of the value, the next byte among them
     */
    abstract void addLive(int bytesLeft, long[] words);

    abstract boolean accepting();

    /** Whether it accepts and nothing more can come. */
    abstract boolean finished();

    abstract int fewestBytesToAccept();

    abstract void writeTo(PositionWriter out);
}
