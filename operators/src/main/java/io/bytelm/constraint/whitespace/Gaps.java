package io.bytelm.constraint.whitespace;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Fingerprint;

/**
 * What may stand in a gap; nothing always may. A gap is a number: 0 before its first byte, then what {@link #next} returns.
 * Immutable.
 */
public interface Gaps {
    /** Before the first byte. */
    int NOT_BEGUN = 0;

    /** After a byte that cannot come. */
    int DEAD = -1;

    /**
     * The gap after one more byte, or {@link #DEAD}.
     *
     * @param depth how many arrays and objects are open
     */
    int next(int gap, int nextByte, Place place, int depth);

    /** The bytes that may come next. */
    ByteSet live(int gap, Place place, int depth);

    /** The fewest bytes to where the gap may end, 0 if it may end here. */
    int fewestToEnd(int gap);

    /** Whether a number is a gap. */
    boolean isGap(int gap);

    /** Adds what tells these gaps from others. */
    void addTo(Fingerprint fingerprint);

    /** Adds the live bytes after which the gap, and then a rest of so many bytes, fit into {@code bytesLeft} to 256 bits. */
    default void addLive(int gap, Place place, int depth, int fewestOfRest, int bytesLeft, long[] words) {
        ByteSet live = live(gap, place, depth);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            if ((long) fewestToEnd(next(gap, b, place, depth)) + fewestOfRest < bytesLeft) {
                words[b >> 6] |= 1L << b;
            }
        }
    }
}
