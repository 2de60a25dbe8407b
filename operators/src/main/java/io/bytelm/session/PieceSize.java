package io.bytelm.session;

/**
 * How much of a record is done before it is committed: then other sessions have their turn, a checkpoint has not waited for
 * the end of the record, and a lost TaskManager has cost no more than this. A piece also ends where its outputs take too
 * much memory: they are held until the commit, and one byte of text with its whole distribution takes 3.3 kB.
 *
 * @param textBytes the most bytes of text, at least 1
 * @param outputBytes a piece whose outputs take so much memory takes no further byte of text
 */
record PieceSize(int textBytes, int outputBytes) {
    /**
     * 512 bytes of text, 128 KiB of outputs. Each piece asks again for the masses of each hypothesis of its beam, which the
     * service has just computed, and writes its session's state: less than 1 in 100 requests.
     */
    static final PieceSize STANDARD = new PieceSize(512, 128 << 10);

    /** So many pieces of a prompt at most: its record is parsed again for each of them. */
    private static final int MOST_PIECES_OF_PROMPT = 256;

    /**
     * How many bytes of a prompt are read at once.
     *
     * @param valueBytes the size of the record that holds it
     */
    int promptBytes(int valueBytes) {
        return Math.max(textBytes, valueBytes / MOST_PIECES_OF_PROMPT);
    }
}
