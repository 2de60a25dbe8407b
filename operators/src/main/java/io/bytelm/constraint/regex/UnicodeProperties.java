package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import java.lang.Character.UnicodeScript;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** The code points of Unicode properties, in the version of Unicode that the Java runtime knows. Thread-safe. */
final class UnicodeProperties {
    private static final Map<String, CodePointSet> FOUND = new ConcurrentHashMap<>();

    private static final Map<String, IntPredicate> BINARY = Map.ofEntries(
            Map.entry("any", c -> true),
            Map.entry("ascii", c -> c < 0x80),
            Map.entry("assigned", Character::isDefined),
            Map.entry("alphabetic", Character::isAlphabetic),
            Map.entry("alpha", Character::isAlphabetic),
            Map.entry("ideographic", Character::isIdeographic),
            Map.entry("lowercase", Character::isLowerCase),
            Map.entry("uppercase", Character::isUpperCase),
            Map.entry("whitespace", UnicodeProperties::isWhiteSpace),
            Map.entry("idstart", Character::isUnicodeIdentifierStart));

    private UnicodeProperties() {}

    /** The set of a property written as between the braces of {@code \p{...}}; null if it is not known. */
    static @Nullable CodePointSet find(String name) {
        CodePointSet known = FOUND.get(name);
        if (known != null) {
            return known;
        }
        CodePointSet set = look(name);
        if (set != null) {
            FOUND.put(name, set);
        }
        return set;
    }

    private static @Nullable CodePointSet look(String name) {
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
        IntPredicate binary = BINARY.get(plain(name));
        if (binary != null) {
            return CodePointSet.matching(binary);
        }
        return script(name.startsWith("Is") ? name.substring(2) : name);
    }

    private static @Nullable CodePointSet script(String name) {
        try {
            UnicodeScript script = UnicodeScript.forName(name);
            return CodePointSet.matching(c -> UnicodeScript.of(c) == script);
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
