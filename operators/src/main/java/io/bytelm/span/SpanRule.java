package io.bytelm.span;

import java.io.Serializable;

/**
 * How a text is split, as plain data.
 *
 * @param space matters to words and sentences alone; else {@link SpanSpace#AFTER}
 * @param pattern as {@link io.bytelm.constraint.regex.Regex} reads it; empty unless the kind is {@link SpanKind#REGEX}
 */
public record SpanRule(SpanKind kind, SpanSpace space, String pattern) implements Serializable {
    private static final long serialVersionUID = 1;

    /** @throws IllegalArgumentException if the parts do not belong together */
    public SpanRule {
        if (kind == SpanKind.REGEX && pattern.isEmpty()) {
            throw new IllegalArgumentException("the regular expression that spans match is empty");
        }
        if (kind != SpanKind.REGEX && !pattern.isEmpty()) {
            throw new IllegalArgumentException(kind.label() + " have no regular expression");
        }
        if (space != SpanSpace.AFTER && !kind.hasSpace()) {
            throw new IllegalArgumentException(
                    "white space belongs to a word or a sentence; it means nothing for " + kind.label());
        }
    }

    /** A rule without a pattern. */
    public static SpanRule of(SpanKind kind, SpanSpace space) {
        return new SpanRule(kind, space, "");
    }

    /** Matches of a regular expression. */
    public static SpanRule ofRegex(String pattern) {
        return new SpanRule(SpanKind.REGEX, SpanSpace.AFTER, pattern);
    }

    /** Whether it is said of a word how probable it is that it ends where it does. */
    public boolean tellsWordEnds() {
        return kind == SpanKind.WORDS && space == SpanSpace.BEFORE;
    }

    /**
     * The splitter; compiling a pattern takes up to some tens of milliseconds.
     *
     * @throws IllegalArgumentException if the pattern is malformed, too large, or matches the empty text; the message says
     *     where and what to do
     */
    public Splitter splitter() {
        return switch (kind) {
            case WORDS -> new CharacterSplitter(new WordRule(space));
            case LINES -> new CharacterSplitter(new LineRule());
            case SENTENCES -> new CharacterSplitter(new SentenceRule(space));
            case REGEX -> MatchSplitter.of(pattern);
        };
    }
}
