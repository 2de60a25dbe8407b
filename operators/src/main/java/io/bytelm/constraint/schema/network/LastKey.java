package io.bytelm.constraint.schema.network;

/**
 * The last key of an object.
 *
 * @param place in the schema of the last name, where keys are ordered
 * @param value index of the value that comes after it; {@link #NO_VALUE} if only one that meets a condition may
 * @param keyClass of a key that is no name, before its value, if that may meet a condition that no key has met; else {@link #NO_CLASS}
 */
record LastKey(int place, int value, int keyClass) {
    static final int NO_VALUE = -1;
    static final int NO_CLASS = -1;
    static final LastKey NONE = new LastKey(-1, NO_VALUE, NO_CLASS);
    /** Of keys that are no names, where keys are ordered: they come after all of these. */
    static final int AFTER_NAMES = Integer.MAX_VALUE;

    LastKey afterItsValue() {
        return keyClass == NO_CLASS ? this : new LastKey(place, value, NO_CLASS);
    }
}
