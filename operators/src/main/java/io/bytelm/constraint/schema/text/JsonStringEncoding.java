package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.CodePointEncoding;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.Utf8;
import java.nio.charset.StandardCharsets;

/**
 * Code points as they stand between the quotes of a JSON string, each in one form only (that of RFC 8785): itself in UTF-8
 * where JSON allows it, else a short escape, else {@code u00} and two lower-case hexadecimal digits after a backslash.
 */
public final class JsonStringEncoding implements CodePointEncoding {
    public static final JsonStringEncoding INSTANCE = new JsonStringEncoding();

    private static final String ESCAPED = "\"\\\b\f\n\r\t";
    private static final String SHORT_ESCAPES = "\"\\bfnrt";
    private static final CodePointSet SHORT = CodePointSet.of(ESCAPED.chars().toArray());
    private static final CodePointSet CONTROL = CodePointSet.range(0, 0x1F);
    private static final CodePointSet LONG = CONTROL.minus(SHORT);
    private static final CodePointSet RAW = CodePointSet.SCALARS.minus(CONTROL).minus(SHORT);

    private JsonStringEncoding() {}

    @Override
    public CodePointSet universe() {
        return CodePointSet.SCALARS;
    }

    @Override
    public void addEdges(Nfa nfa, int from, CodePointSet set, int to) {
        if (!set.containsAny(0, 0x22) && !set.contains('\\')) {
            Utf8.INSTANCE.addEdges(nfa, from, set, to);
            return;
        }
        nfa.budget().tick(3L * set.rangeCount());
        Utf8.INSTANCE.addEdges(nfa, from, set.and(RAW), to);
        if (set.and(SHORT.or(LONG)).isEmpty()) {
            return;
        }
        int escape = nfa.addState();
        nfa.addEdge(from, '\\', '\\', escape);
        for (int i = 0; i < ESCAPED.length(); i++) {
            if (set.contains(ESCAPED.charAt(i))) {
                nfa.addEdge(escape, SHORT_ESCAPES.charAt(i), SHORT_ESCAPES.charAt(i), to);
            }
        }
        addLongEscapes(nfa, escape, set.and(LONG), to);
    }

    private static void addLongEscapes(Nfa nfa, int escape, CodePointSet set, int to) {
        if (set.isEmpty()) {
            return;
        }
        int at = escape;
        for (char c : new char[] {'u', '0', '0'}) {
            int after = nfa.addState();
            nfa.addEdge(at, c, c, after);
            at = after;
        }
        for (int high = 0; high < 2; high++) {
            int lowDigit = nfa.addState();
            nfa.addEdge(at, '0' + high, '0' + high, lowDigit);
            for (int low = 0; low < 16; low++) {
                if (set.contains(16 * high + low)) {
                    int digit = Character.forDigit(low, 16);
                    nfa.addEdge(lowDigit, digit, digit, to);
                }
            }
        }
    }

    /**
     * The bytes between the quotes of a string.
     *
     * @throws ConstraintException if it has half of a surrogate pair, which no string in UTF-8 has
     */
    public static byte[] encode(String text) {
        if (!Utf8.canEncode(text)) {
            throw new ConstraintException(
                    Reason.SYNTAX, "a text has a surrogate without its other half, which UTF-8 cannot encode");
        }
        StringBuilder escaped = new StringBuilder(text.length() + 8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int at = ESCAPED.indexOf(c);
            if (at >= 0) {
                escaped.append('\\').append(SHORT_ESCAPES.charAt(at));
            } else if (c < 0x20) {
                escaped.append(c < 0x10 ? "\\u000" : "\\u001").append(Character.forDigit(c & 15, 16));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    /** The string that stands so between the quotes. */
    public static String decode(byte[] text) {
        StringBuilder decoded = new StringBuilder();
        String encoded = new String(text, StandardCharsets.UTF_8);
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '\\') {
                decoded.append(c);
                continue;
            }
            char escape = encoded.charAt(++i);
            if (escape == 'u') {
                decoded.append((char) Integer.parseInt(encoded.substring(i + 1, i + 5), 16));
                i += 4;
            } else {
                decoded.append(ESCAPED.charAt(SHORT_ESCAPES.indexOf(escape)));
            }
        }
        return decoded.toString();
    }
}
