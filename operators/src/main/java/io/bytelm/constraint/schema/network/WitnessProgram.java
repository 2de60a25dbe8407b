package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.Arrays;

/**
 * Conditions that some key without a name must meet by its value, each by another key or several by one; a register tells which ones
 * are met. Values that meet some are read side by side with those that the key may have otherwise. Sets of conditions are given by
 * their bits. Immutable.
 *
 * @param conditions how many there are
 * @param values {@code [others][2^conditions]} index of the values of a class that meet a set of conditions; {@link #NONE} where none do
 * @param fewest {@code [others][2^conditions]} the shortest comma, quotes, colon and value of these
 * @param always {@code [others]} the conditions that all values of the class meet
 */
public record WitnessProgram(int conditions, int[][] values, int[][] fewest, int[] always) {
    /** No value of the class meets them. */
    public static final int NONE = -1;

    /** All conditions. */
    int all() {
        return (1 << conditions) - 1;
    }

    /** Whether a value of the class may meet some of these conditions. */
    boolean mayMeet(int keyClass, int unmet) {
        for (int met = unmet; met > 0; met = met - 1 & unmet) {
            if (values[keyClass][met] != NONE) {
                return true;
            }
        }
        return false;
    }

    /** The shortest entry with a key of so many bytes that meets these conditions; very many if none does. */
    int fewest(int keyClass, int met, int length) {
        return values[keyClass][met] == NONE ? Cursor.VERY_MANY_BYTES : Fewest.sum(fewest[keyClass][met], length);
    }

    /** One condition is written as it was when there was only one: by the values that the last key may meet it with. */
    void write(int unmet, int keyClass, PositionWriter out) {
        if (conditions > 1) {
            out.number(unmet);
            out.number(keyClass + 1);
        } else {
            out.number(unmet == 0 ? 0 : keyClass == LastKey.NO_CLASS ? 1 : 2 + values[keyClass][1]);
        }
    }

    /** The class of which these values meet the only condition. */
    int classOf(int value) {
        int keyClass = 0;
        while (values[keyClass][1] != value) {
            keyClass++;
        }
        return keyClass;
    }

    void addTo(Fingerprint fingerprint) {
        fingerprint.add(-conditions);
        for (int[] ofClass : values) {
            Arrays.stream(ofClass).skip(1).forEach(fingerprint::add);
        }
    }
}
