package io.bytelm.span;

/**
 * Finds where spans end, byte after byte, so that it does not matter how a text was cut into pieces. It keeps nothing itself:
 * a position is a state, 0 at the beginning, and the last bytes, behind which borders may still be found. Thread-safe.
 */
public interface Splitter {
    /** The most bytes that are undecided at the same time. */
    int MOST_UNDECIDED_BYTES = 4096;

    /**
     * What is known after one more byte.
     *
     * @param undecided the bytes that were undecided before, and the new one; not to be changed
     */
    Split next(int state, byte[] undecided);

    /** What is known where the text ends, which is a border itself. */
    Split atEnd(int state, byte[] undecided);

    /**
     * Whether a byte ends a word: it is ASCII white space (of which every byte says so by itself), and a word stands before it.
     *
     * @param undecided the bytes before it that are undecided; not to be changed
     */
    default boolean endsWord(int state, byte[] undecided, int nextByte) {
        return false;
    }

    /** Whether a word stands before the end of a text that ends here. */
    default boolean endsWordAtEnd(int state, byte[] undecided) {
        return false;
    }

    /**
     * An answer.
     *
     * @param state the next state
     * @param borders how many of the undecided bytes lie before each border that was found, in order; a border at which no span
     *     would end that has bytes is none
     * @param decided how many of the undecided bytes are decided now; at least as many as lie before the last border
     */
    record Split(int state, int[] borders, int decided) {}
}
