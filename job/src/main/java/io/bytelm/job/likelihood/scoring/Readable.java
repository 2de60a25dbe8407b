package io.bytelm.job.likelihood.scoring;

import io.bytelm.vocab.ByteCoverage;
import java.util.Arrays;

/**
 * A text without the bytes that no token has.
 *
 * @param bytes what is left of it
 * @param counted how many of these come before the first byte that counts
 * @param skipped how many bytes that count were left out
 * @param deadEnds how many runs of such bytes there are
 */
record Readable(byte[] bytes, int counted, int skipped, int deadEnds) {
    /**
     * @param text not to be changed
     * @param scoredFrom the first byte that counts
     */
    static Readable of(byte[] text, int scoredFrom, ByteCoverage tokens) {
        byte[] left = new byte[text.length];
        int length = 0;
        int counted = 0;
        int skipped = 0;
        int deadEnds = 0;
        boolean isLeavingOut = false;
        for (int at = 0; at < text.length; at++) {
            counted = at == scoredFrom ? length : counted;
            boolean had = isLeavingOut && at > scoredFrom;
            isLeavingOut = !tokens.has(Byte.toUnsignedInt(text[at]));
            if (!isLeavingOut) {
                left[length++] = text[at];
            } else if (at >= scoredFrom) {
                skipped++;
                deadEnds += had ? 0 : 1;
            }
        }
        return new Readable(Arrays.copyOf(left, length), counted, skipped, deadEnds);
    }
}
