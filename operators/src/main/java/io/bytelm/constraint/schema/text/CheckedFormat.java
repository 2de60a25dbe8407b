package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.regex.EcmaPattern;

/**
 * Formats that no automaton of reasonable size decides: all strings of one language have them, none outside another one has, and what
 * is between is decided when a string has ended.
 */
public enum CheckedFormat {
    /** Host names of draft-07 and later: labels in Punycode must mean something. */
    HOSTNAME("hostname", FormatTexts.ASCII_HOSTNAME) {
        @Override
        boolean decides(String text) {
            return HostNames.isValid(text);
        }
    },
    /** Patterns of ECMA-262. */
    REGEX("", FormatTexts.SIMPLE_PATTERN) {
        @Override
        boolean decides(String text) {
            return EcmaPattern.isValid(text);
        }
    };

    private final String outer;
    private final String inner;

    CheckedFormat(String outer, String inner) {
        this.outer = outer;
        this.inner = inner;
    }

    /** The strings that surely have the format. */
    public ByteDfa surely() {
        return FormatTexts.find(inner);
    }

    /** All strings that may have it. */
    public ByteDfa possibly() {
        return FormatTexts.find(outer);
    }

    abstract boolean decides(String text);

    /** Whether a string has it. @param text of {@link #possibly} */
    public boolean holds(byte[] text) {
        return surely().accepts(text) || decides(JsonStringEncoding.decode(text));
    }
}
