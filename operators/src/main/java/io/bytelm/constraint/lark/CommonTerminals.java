package io.bytelm.constraint.lark;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The terminals of Lark's library {@code common}, as regular expressions. */
final class CommonTerminals {
    private static final String DECIMAL = "(?:[0-9]+\\.[0-9]*|\\.[0-9]+)";
    private static final String EXPONENT = "[eE][+-]?[0-9]+";
    private static final String FLOAT = "(?:[0-9]+" + EXPONENT + "|" + DECIMAL + "(?:" + EXPONENT + ")?)";
    private static final String NUMBER = "(?:" + FLOAT + "|[0-9]+)";

    private static final Map<String, String> PATTERNS = new TreeMap<>(Map.ofEntries(
            Map.entry("DIGIT", "[0-9]"),
            Map.entry("HEXDIGIT", "[0-9a-fA-F]"),
            Map.entry("INT", "[0-9]+"),
            Map.entry("SIGNED_INT", "[+-]?[0-9]+"),
            Map.entry("DECIMAL", DECIMAL),
            Map.entry("_EXP", EXPONENT),
            Map.entry("FLOAT", FLOAT),
            Map.entry("SIGNED_FLOAT", "[+-]?" + FLOAT),
            Map.entry("NUMBER", NUMBER),
            Map.entry("SIGNED_NUMBER", "[+-]?" + NUMBER),
            Map.entry("ESCAPED_STRING", "\"(?:[^\"\\\\\\n]|\\\\[^\\n])*\""),
            Map.entry("LCASE_LETTER", "[a-z]"),
            Map.entry("UCASE_LETTER", "[A-Z]"),
            Map.entry("LETTER", "[A-Za-z]"),
            Map.entry("WORD", "[A-Za-z]+"),
            Map.entry("CNAME", "[_A-Za-z][_A-Za-z0-9]*"),
            Map.entry("WS_INLINE", "[ \\t]+"),
            Map.entry("WS", "[ \\t\\f\\r\\n]+"),
            Map.entry("CR", "\\r"),
            Map.entry("LF", "\\n"),
            Map.entry("NEWLINE", "(?:\\r?\\n)+"),
            Map.entry("SH_COMMENT", "#[^\\n]*"),
            Map.entry("CPP_COMMENT", "\\/\\/[^\\n]*"),
            Map.entry("SQL_COMMENT", "--[^\\n]*"),
            Map.entry("C_COMMENT", "\\/\\*(?:[^*]|\\*+[^*\\/])*\\*+\\/")));

    private CommonTerminals() {}

    /** Their names, in order. */
    static List<String> names() {
        return List.copyOf(PATTERNS.keySet());
    }

    /** Null if there is none of that name. */
    static @Nullable Item find(Token name) {
        String pattern = PATTERNS.get(name.text());
        return pattern == null ? null : new Item.Text(new Token(Token.Kind.REGEX, "/" + pattern + "/", name.at()));
    }
}
