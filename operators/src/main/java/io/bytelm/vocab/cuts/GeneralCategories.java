package io.bytelm.vocab.cuts;

import java.util.Map;

/** Names of Unicode's general categories as sets of the numbers of {@link Character#getType(int)}. */
final class GeneralCategories {
    private static final int LM = bit(Character.MODIFIER_LETTER);
    private static final int LO = bit(Character.OTHER_LETTER);
    private static final int LU = bit(Character.UPPERCASE_LETTER);
    private static final int LL = bit(Character.LOWERCASE_LETTER);
    private static final int LT = bit(Character.TITLECASE_LETTER);

    private static final Map<String, Integer> MASKS = Map.of(
            "L",
            LU | LL | LT | LM | LO,
            "Lu",
            LU,
            "Ll",
            LL,
            "Lt",
            LT,
            "Lm",
            LM,
            "Lo",
            LO,
            "M",
            bit(Character.NON_SPACING_MARK) | bit(Character.COMBINING_SPACING_MARK) | bit(Character.ENCLOSING_MARK),
            "N",
            bit(Character.DECIMAL_DIGIT_NUMBER) | bit(Character.LETTER_NUMBER) | bit(Character.OTHER_NUMBER),
            "P",
            bit(Character.CONNECTOR_PUNCTUATION)
                    | bit(Character.DASH_PUNCTUATION)
                    | bit(Character.START_PUNCTUATION)
                    | bit(Character.END_PUNCTUATION)
                    | bit(Character.INITIAL_QUOTE_PUNCTUATION)
                    | bit(Character.FINAL_QUOTE_PUNCTUATION)
                    | bit(Character.OTHER_PUNCTUATION),
            "S",
            bit(Character.MATH_SYMBOL)
                    | bit(Character.CURRENCY_SYMBOL)
                    | bit(Character.MODIFIER_SYMBOL)
                    | bit(Character.OTHER_SYMBOL));

    private GeneralCategories() {}

    private static int bit(byte type) {
        return 1 << type;
    }

    /** @throws UnknownPatternException if there is no such category here */
    static CharacterClass named(String name) {
        Integer mask = MASKS.get(name);
        if (mask == null) {
            throw new UnknownPatternException("\\p{" + name + "}");
        }
        return CharacterClass.categories(mask);
    }
}
