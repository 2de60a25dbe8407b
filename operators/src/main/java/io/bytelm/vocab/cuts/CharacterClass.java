package io.bytelm.vocab.cuts;

import java.util.List;
import java.util.function.IntPredicate;

/**
 * A set of characters.
 *
 * @param ascii the 128 first ones, by code point
 */
record CharacterClass(IntPredicate members, boolean[] ascii) {
    private static final int ASCII = 128;

    static CharacterClass of(IntPredicate members) {
        boolean[] ascii = new boolean[ASCII];
        for (int c = 0; c < ASCII; c++) {
            ascii[c] = members.test(c);
        }
        return new CharacterClass(members, ascii);
    }

    boolean contains(int codePoint) {
        return codePoint < ASCII ? ascii[codePoint] : members.test(codePoint);
    }

    static CharacterClass range(int from, int to) {
        return of(c -> c >= from && c <= to);
    }

    /** A letter in either case; the long s counts as an s and the Kelvin sign as a k. */
    static CharacterClass anyCase(int letter) {
        int upper = Character.toUpperCase(letter);
        return of(c -> Character.toUpperCase(c) == upper || Character.toLowerCase(c) == Character.toLowerCase(letter));
    }

    /** Unicode's property White_Space. */
    static CharacterClass whiteSpace() {
        return of(c -> c >= '\t' && c <= '\r'
                || c == ' '
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000);
    }

    static CharacterClass union(List<CharacterClass> parts) {
        return of(c -> parts.stream().anyMatch(part -> part.contains(c)));
    }

    CharacterClass negated() {
        return of(c -> !contains(c));
    }
}
