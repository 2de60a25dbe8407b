package io.bytelm.span;

/** Finds borders between characters; a state is a small number, 0 at the beginning. */
interface CharacterRule {
    /** What stands for a byte that belongs to no character of UTF-8. */
    int MALFORMED = -1;

    /** A border lies before the character. */
    int BORDER_BEFORE = 1 << 8;

    /** A border lies behind the character. */
    int BORDER_AFTER = 1 << 9;

    /** The bits of an answer that are a state. */
    int STATE = BORDER_BEFORE - 1;

    /**
     * Reads a character.
     *
     * @param character a code point, or {@link #MALFORMED}
     * @return the next state, with the bits of the borders
     */
    int next(int state, int character);

    /** Whether the character before the present place belongs to a word whose end is of interest. */
    default boolean isInWord(int state) {
        return false;
    }
}
