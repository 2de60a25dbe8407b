package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import java.lang.Character.UnicodeScript;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The code points of Unicode properties, in the version of Unicode that the Java runtime knows. Thread-safe. A set is kept for
 * each property and never for a spelling of its name, so what is kept is bounded; all are made at once, and their making is
 * charged to no pattern, so that it does not matter which pattern is the first.
 */
final class UnicodeProperties {
    private static final Map<String, CodePointSet> BINARY = Map.ofEntries(
            binary("any", c -> true),
            binary("ascii", c -> c < 0x80),
            binary("assigned", Character::isDefined),
            binary("alphabetic", Character::isAlphabetic),
            binary("alpha", Character::isAlphabetic),
            binary("ideographic", Character::isIdeographic),
            binary("lowercase", Character::isLowerCase),
            binary("uppercase", Character::isUpperCase),
            binary("whitespace", UnicodeProperties::isWhiteSpace),
            binary("idstart", Character::isUnicodeIdentifierStart));

    private static final Map<UnicodeScript, CodePointSet> SCRIPTS = scripts();

    private UnicodeProperties() {}

    private static Map.Entry<String, CodePointSet> binary(String name, IntPredicate members) {
        return Map.entry(name, CodePointSet.partition(2, c -> members.test(c) ? 1 : 0)[1]);
    }

    private static Map<UnicodeScript, CodePointSet> scripts() {
        UnicodeScript[] all = UnicodeScript.values();
        CodePointSet[] sets =
                CodePointSet.partition(all.length, c -> UnicodeScript.of(c).ordinal());
        Map<UnicodeScript, CodePointSet> scripts = new HashMap<>();
        for (UnicodeScript script : all) {
            scripts.put(script, sets[script.ordinal()]);
        }
        return scripts;
    }

    /** The set of a property written as between the braces of {@code \p{...}}; null if it is not known. */
    static @Nullable CodePointSet find(String name) {
        int equals = name.indexOf('=');
        String key = equals < 0 ? "" : plain(name.substring(0, equals));
        String value = name.substring(equals + 1);
        return switch (key) {
            case "" -> lookAnywhere(value);
            case "gc", "generalcategory" -> GeneralCategories.find(plain(value));
            case "sc", "script" -> script(value);
            default -> null;
        };
    }

    private static @Nullable CodePointSet lookAnywhere(String name) {
        CodePointSet category = GeneralCategories.find(plain(name));
        if (category != null) {
            return category;
        }
        CodePointSet binary = BINARY.get(plain(name));
        return binary != null ? binary : script(name.startsWith("Is") ? name.substring(2) : name);
    }

    private static @Nullable CodePointSet script(String name) {
        try {
            return SCRIPTS.get(UnicodeScript.forName(name));
        } catch (IllegalArgumentException unknown) {
            return null;
        }
    }

    private static boolean isWhiteSpace(int c) {
        return Character.isSpaceChar(c) || (c >= 0x09 && c <= 0x0D) || c == 0x85;
    }

    private static String plain(String name) {
        return name.replace("_", "").replace(" ", "").toLowerCase(Locale.ROOT);
    }
}
