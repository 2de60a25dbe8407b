package io.bytelm.candidate;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Continuations of one text, in an order that counts; one may stand in it twice.
 *
 * @param texts the bytes of each; not to be changed
 * @param end whether the end of the text after it is a part of each
 */
public record CandidateList(List<byte[]> texts, boolean end) {
    /** The most candidates of one list. */
    public static final int MOST = 1024;

    /** The most bytes of all of them together: a list is weighed as a whole, or not at all. */
    public static final int MOST_BYTES = 1 << 16;

    /** @throws IllegalArgumentException if there is none, an empty one, or there are too many or too large ones */
    public CandidateList {
        if (texts.isEmpty()) {
            throw new IllegalArgumentException("the list of candidates is empty; at least one is needed");
        }
        if (texts.size() > MOST) {
            throw new IllegalArgumentException(texts.size() + " candidates; at most " + MOST
                    + " are weighed at once: ask for the others in a list of their own");
        }
        texts = List.copyOf(texts);
        requireNotEmpty(texts);
        long bytes = texts.stream().mapToLong(text -> text.length).sum();
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("the candidates have " + bytes + " bytes together; at most " + MOST_BYTES
                    + " are weighed at once: what all begin with belongs to the text before them");
        }
    }

    private static void requireNotEmpty(List<byte[]> texts) {
        for (int place = 0; place < texts.size(); place++) {
            if (texts.get(place).length == 0) {
                throw new IllegalArgumentException(
                        "candidate " + place + " (counted from 0) is empty; each has at least one byte");
            }
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof CandidateList that && end == that.end && areSame(texts, that.texts);
    }

    static boolean areSame(List<byte[]> some, List<byte[]> others) {
        if (some.size() != others.size()) {
            return false;
        }
        for (int place = 0; place < some.size(); place++) {
            if (!Arrays.equals(some.get(place), others.get(place))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.deepHashCode(texts.toArray()) + Boolean.hashCode(end);
    }
}
