package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.List;

/**
 * The bytes that a value can begin with, and the fewest bytes of a value that begins so. Immutable.
 *
 * @param all of them
 * @param fewestOfString the shortest string, quotes included; more than any number of bytes without strings
 * @param fewestOfWorst the most of these: so many bytes leave every first byte open
 */
record FirstBytes(
        ByteSet all,
        List<ByteDfa> scalars,
        int fewestOfString,
        int fewestOfArray,
        int fewestOfObject,
        int fewestOfWorst) {
    private static final int NONE = Integer.MAX_VALUE;

    static FirstBytes of(
            List<ByteDfa> scalars,
            List<StringProgram> strings,
            List<ArrayProgram> arrays,
            List<ObjectProgram> objects) {
        int string = strings.stream().mapToInt(StringProgram::fewestBytes).min().orElse(NONE);
        int array = arrays.stream().mapToInt(ArrayProgram::fewestBytes).min().orElse(NONE);
        int object = objects.stream().mapToInt(ObjectProgram::fewestBytes).min().orElse(NONE);
        long[] words = new long[4];
        int worst = 0;
        for (ByteDfa scalar : scalars) {
            scalar.live(0).addTo(words);
            worst = Math.max(worst, 1 + scalar.fewestBytesAfterWorstByte(0));
        }
        worst = Math.max(worst, add('"', string, Cursor.VERY_MANY_BYTES, words));
        worst = Math.max(worst, add('[', array, Cursor.VERY_MANY_BYTES, words));
        worst = Math.max(worst, add('{', object, Cursor.VERY_MANY_BYTES, words));
        return new FirstBytes(ByteSet.ofWords(words), scalars, string, array, object, worst);
    }

    /** Adds a byte if so many bytes fit; their number, 0 if there is no such value. */
    private static int add(char first, int fewest, int bytesLeft, long[] words) {
        if (fewest == NONE) {
            return 0;
        }
        words[first >> 6] |= fewest <= bytesLeft ? 1L << first : 0;
        return fewest;
    }

    /**
     * Adds the first bytes of values that fit to 256 bits.
     *
     * @param bytesLeft to the end of the value
     */
    void addLive(int bytesLeft, long[] words) {
        if (fewestOfWorst <= bytesLeft) {
            all.addTo(words);
            return;
        }
        for (ByteDfa scalar : scalars) {
            scalar.addLive(0, bytesLeft, words);
        }
        add('"', fewestOfString, bytesLeft, words);
        add('[', fewestOfArray, bytesLeft, words);
        add('{', fewestOfObject, bytesLeft, words);
    }
}
