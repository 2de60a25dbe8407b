package io.bytelm.constraint.json;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Which escapes the strings of JSON use. */
public enum Escapes {
    /** Only where a character must be escaped, in the shortest form (RFC 8785): each string is written in one way. */
    MINIMAL(JsonStringEncoding.MINIMAL),
    /** The same, and a slash may also have a backslash before it, as PHP and others write it. */
    SLASH(JsonStringEncoding.WITH_SLASH),
    /**
     * ASCII alone, all else as {@code u} and four lower-case hexadecimal digits after a backslash, as Python's {@code json.dumps}
     * writes it: each string in one way.
     */
    ASCII(JsonStringEncoding.ASCII),
    /** Any character in any form that RFC 8259 allows; escaped surrogates come in pairs. */
    ANY(JsonStringEncoding.ALL_FORMS);

    private final JsonStringEncoding encoding;

    Escapes(JsonStringEncoding encoding) {
        this.encoding = encoding;
    }

    /** The name in records, such as {@code minimal}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All labels, in order. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Escapes::label).toList();
    }

    /** How the characters of strings are written. */
    CodePointEncoding encoding() {
        return encoding;
    }

    /**
     * The strings of an automaton in these forms; the automaton itself where they are the same.
     *
     * @param minimal what stands between the quotes, in the forms of {@link #MINIMAL}
     */
    public ByteDfa written(ByteDfa minimal, CompileBudget budget) {
        return this == MINIMAL ? minimal : Respelling.of(minimal, encoding, budget);
    }

    /** Whether keys are written as other strings are: a key comes once, so each has one form. */
    public boolean holdsForKeys() {
        return this == ASCII;
    }

    /**
     * A key in the one form that it has.
     *
     * @param minimal what stands between the quotes, in the form of {@link #MINIMAL}
     */
    public byte[] key(byte[] minimal) {
        if (!holdsForKeys()) {
            return minimal;
        }
        StringBuilder ascii = new StringBuilder();
        for (char c : new String(minimal, StandardCharsets.UTF_8).toCharArray()) {
            ascii.append(c < 0x7F ? String.valueOf(c) : String.format(Locale.ROOT, "\\u%04x", (int) c));
        }
        return ascii.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
