package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Unicode's general categories by their short and long names, in lower case without underscores. */
final class GeneralCategories {
    /** Each line: the bits of the {@link Character#getType} values, then the names. */
    private static final Map<String, Integer> TYPES = new HashMap<>();

    static {
        int lu = define(1 << Character.UPPERCASE_LETTER, "lu", "uppercaseletter");
        int ll = define(1 << Character.LOWERCASE_LETTER, "ll", "lowercaseletter");
        int lt = define(1 << Character.TITLECASE_LETTER, "lt", "titlecaseletter");
        int lm = define(1 << Character.MODIFIER_LETTER, "lm", "modifierletter");
        int lo = define(1 << Character.OTHER_LETTER, "lo", "otherletter");
        int mn = define(1 << Character.NON_SPACING_MARK, "mn", "nonspacingmark");
        int mc = define(1 << Character.COMBINING_SPACING_MARK, "mc", "spacingmark");
        int me = define(1 << Character.ENCLOSING_MARK, "me", "enclosingmark");
        int nd = define(1 << Character.DECIMAL_DIGIT_NUMBER, "nd", "decimalnumber", "digit");
        int nl = define(1 << Character.LETTER_NUMBER, "nl", "letternumber");
        int no = define(1 << Character.OTHER_NUMBER, "no", "othernumber");
        int zs = define(1 << Character.SPACE_SEPARATOR, "zs", "spaceseparator");
        int zl = define(1 << Character.LINE_SEPARATOR, "zl", "lineseparator");
        int zp = define(1 << Character.PARAGRAPH_SEPARATOR, "zp", "paragraphseparator");
        int cc = define(1 << Character.CONTROL, "cc", "control", "cntrl");
        int cf = define(1 << Character.FORMAT, "cf", "format");
        int co = define(1 << Character.PRIVATE_USE, "co", "privateuse");
        int cs = define(1 << Character.SURROGATE, "cs", "surrogate");
        int cn = define(1 << Character.UNASSIGNED, "cn", "unassigned");
        int pd = define(1 << Character.DASH_PUNCTUATION, "pd", "dashpunctuation");
        int ps = define(1 << Character.START_PUNCTUATION, "ps", "openpunctuation");
        int pe = define(1 << Character.END_PUNCTUATION, "pe", "closepunctuation");
        int pc = define(1 << Character.CONNECTOR_PUNCTUATION, "pc", "connectorpunctuation");
        int po = define(1 << Character.OTHER_PUNCTUATION, "po", "otherpunctuation");
        int pi = define(1 << Character.INITIAL_QUOTE_PUNCTUATION, "pi", "initialpunctuation");
        int pf = define(1 << Character.FINAL_QUOTE_PUNCTUATION, "pf", "finalpunctuation");
        int sm = define(1 << Character.MATH_SYMBOL, "sm", "mathsymbol");
        int sc = define(1 << Character.CURRENCY_SYMBOL, "sc", "currencysymbol");
        int sk = define(1 << Character.MODIFIER_SYMBOL, "sk", "modifiersymbol");
        int so = define(1 << Character.OTHER_SYMBOL, "so", "othersymbol");
        define(lu | ll | lt, "lc", "l&", "casedletter");
        define(lu | ll | lt | lm | lo, "l", "letter");
        define(mn | mc | me, "m", "mark", "combiningmark");
        define(nd | nl | no, "n", "number");
        define(zs | zl | zp, "z", "separator");
        define(cc | cf | co | cs | cn, "c", "other");
        define(pd | ps | pe | pc | po | pi | pf, "p", "punctuation", "punct");
        define(sm | sc | sk | so, "s", "symbol");
    }

    private static final Map<Integer, CodePointSet> SETS = sets();

    private GeneralCategories() {}

    private static int define(int types, String... names) {
        for (String name : names) {
            TYPES.put(name, types);
        }
        return types;
    }

    /** The set of a category; null if there is no such name. */
    static @Nullable CodePointSet find(String name) {
        Integer types = TYPES.get(name);
        return types == null ? null : SETS.get(types);
    }

    /** One set for each category, however many names it has; all of them from one look at every code point. */
    private static Map<Integer, CodePointSet> sets() {
        CodePointSet[] ofType = CodePointSet.partition(Byte.MAX_VALUE, Character::getType);
        Map<Integer, CodePointSet> sets = new HashMap<>();
        for (int types : TYPES.values()) {
            sets.computeIfAbsent(
                    types,
                    t -> CodePointSet.union(IntStream.range(0, Integer.SIZE)
                            .filter(type -> (t >>> type & 1) != 0)
                            .mapToObj(type -> ofType[type])
                            .toList()));
        }
        return sets;
    }
}
