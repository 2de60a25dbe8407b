package io.bytelm.vocab;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which bytes the tokens of a vocabulary can spell. Special tokens count with the bytes of their names, as they do in a
 * text. Immutable, safe for any thread.
 */
public final class ByteCoverage {
    private static final int BYTES = 256;

    /** Where a byte stands in tokens. */
    public enum Place {
        /** In none: no text with this byte can be read. */
        NOWHERE,
        /** Only in longer ones: a text with this byte can be read where those fit, and nowhere else. */
        IN_LONGER_TOKENS,
        /** It is a token: it can be read anywhere. */
        ALONE
    }

    private final Place[] places;

    private ByteCoverage(Place[] places) {
        this.places = places;
    }

    /** Of all tokens. */
    static ByteCoverage of(byte[][] tokens) {
        Place[] places = nowhere();
        for (byte[] token : tokens) {
            add(token, places);
        }
        return new ByteCoverage(places);
    }

    /** @param counts whether a token is one of those that texts are read with */
    static ByteCoverage of(Vocabulary vocabulary, IntPredicate counts) {
        Place[] places = nowhere();
        for (int id = 0; id < vocabulary.size(); id++) {
            if (counts.test(id)) {
                add(vocabulary.bytes(id), places);
            }
        }
        return new ByteCoverage(places);
    }

    private static Place[] nowhere() {
        Place[] places = new Place[BYTES];
        Arrays.fill(places, Place.NOWHERE);
        return places;
    }

    private static void add(byte[] token, Place[] places) {
        Place here = token.length == 1 ? Place.ALONE : Place.IN_LONGER_TOKENS;
        for (byte b : token) {
            int value = Byte.toUnsignedInt(b);
            places[value] = places[value] == Place.ALONE ? Place.ALONE : here;
        }
    }

    /** @param b 0 to 255 */
    public Place placeOf(int b) {
        return places[b];
    }

    /** Whether any token has the byte, 0 to 255. */
    public boolean has(int b) {
        return places[b] != Place.NOWHERE;
    }

    /** The bytes that stand there, ascending. */
    public List<Integer> bytesWith(Place place) {
        return IntStream.range(0, BYTES).filter(b -> places[b] == place).boxed().toList();
    }
}
