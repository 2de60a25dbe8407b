package io.bytelm.vocab.bpe;

/**
 * The pieces that lie at one border of each token while it is being made, smallest first, in flat arrays: for the right
 * border its last symbol, then what that becomes part of, up to the token.
 *
 * @param first {@code [tokens + 1]}: where the pieces of a token begin
 * @param pieces the pieces, token after token
 * @param times when each piece takes the place of the one before it; of no meaning for the first one of a token
 */
record Spines(int[] first, int[] pieces, int[] times) {
    /**
     * @param parts {@code [tokens]}: the part at this border, negative if there is none
     * @param timeAfterPart {@code [tokens]}: when a token takes the place of that part
     */
    static Spines of(int[] parts, int[] timeAfterPart) {
        int[] first = new int[parts.length + 1];
        for (int token = 0; token < parts.length; token++) {
            int length = 0;
            for (int piece = token; piece >= 0; piece = parts[piece]) {
                length++;
            }
            first[token + 1] = first[token] + length;
        }
        int[] pieces = new int[first[parts.length]];
        int[] times = new int[pieces.length];
        for (int token = 0; token < parts.length; token++) {
            int at = first[token + 1];
            for (int piece = token; piece >= 0; piece = parts[piece]) {
                pieces[--at] = piece;
                times[at] = timeAfterPart[piece];
            }
        }
        return new Spines(first, pieces, times);
    }

    int begin(int token) {
        return first[token];
    }

    /** When the piece after this one takes its place; {@link MergeTable#NONE} if it is the whole token. */
    int nextTime(int at, int token) {
        return at + 1 < first[token + 1] ? times[at + 1] : MergeTable.NONE;
    }
}
