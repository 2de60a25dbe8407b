package io.bytelm.span;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Into what a text is split. */
public enum SpanKind {
    /** What white space separates; punctuation stays with its word. */
    WORDS,
    /** Each up to and with its line feed. */
    LINES,
    /** Up to a full stop, a question or exclamation mark, or a blank line. */
    SENTENCES,
    /** The matches of a regular expression, and what is between them. */
    REGEX;

    /** How people write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those that are a word alone. */
    public static List<SpanKind> withoutPattern() {
        return List.of(WORDS, LINES, SENTENCES);
    }

    /** The labels of some kinds, in their order. */
    public static List<String> labels(List<SpanKind> kinds) {
        return kinds.stream().map(SpanKind::label).toList();
    }

    /** Whether white space between two spans may belong to either. */
    public boolean hasSpace() {
        return Arrays.asList(WORDS, SENTENCES).contains(this);
    }
}
