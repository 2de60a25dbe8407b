package io.bytelm.record.wire;

import io.bytelm.record.OutputRecord.Result;
import java.util.Arrays;

/**
 * What a result loses that is too large for its topic. It is then written as the event {@code too_large}, with the numbers
 * that it has anyway.
 *
 * @param keeps what is left of it
 * @param recordBytes how large the whole Kafka record would be
 * @param limitBytes how large one may be
 */
public record Shortening(Keeps keeps, long recordBytes, long limitBytes) {
    /** The most of a session key that a record with numbers alone holds, bytes. */
    public static final int MOST_SESSION_BYTES = 256;

    /** The steps in which a result gets shorter. */
    public enum Keeps {
        /** All but lists: the next symbols, the particles. */
        TEXTS,
        /** Neither lists nor texts; a long session key is cut. At most 4 KiB. */
        NUMBERS
    }

    boolean keepsTexts() {
        return keeps == Keeps.TEXTS;
    }

    /** As much of the session key as is written. */
    byte[] session(Result result) {
        return cutsSession(result) ? beginningOf(result.session(), MOST_SESSION_BYTES) : result.session();
    }

    boolean cutsSession(Result result) {
        return keeps == Keeps.NUMBERS && result.session().length > MOST_SESSION_BYTES;
    }

    /** The first bytes of a key, at most so many; no character of UTF-8 is cut. */
    public static byte[] beginningOf(byte[] key, int mostBytes) {
        int end = Math.min(key.length, mostBytes);
        while (end > 0 && end < key.length && mostBytes - end < 3 && isInsideCharacter(key[end])) {
            end--;
        }
        return Arrays.copyOf(key, end);
    }

    private static boolean isInsideCharacter(byte next) {
        return (next & 0xC0) == 0x80;
    }
}
