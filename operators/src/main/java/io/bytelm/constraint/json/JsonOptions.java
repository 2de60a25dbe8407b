package io.bytelm.constraint.json;

import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;

/**
 * Which JSON texts count.
 *
 * @param maxDepth how many arrays and objects may be open at once, at least 0
 * @param whitespace what may come between tokens
 * @param loneSurrogates whether a string may have an escaped surrogate without its other half, which no UTF-8 text can
 *     hold once it is unescaped; RFC 8259 leaves that open; only where any escape may come
 * @param escapes which escapes strings use
 * @param separators what always stands at commas and colons
 */
public record JsonOptions(
        int maxDepth, Whitespace whitespace, boolean loneSurrogates, Escapes escapes, Separators separators) {
    /** No whitespace, 64 levels. */
    public static final JsonOptions COMPACT = new JsonOptions(64, Whitespace.NONE, false);

    /** Everything that RFC 8259 allows, 1000 levels. */
    public static final JsonOptions ANY = new JsonOptions(1000, Whitespace.UNLIMITED, true);

    public JsonOptions {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("the depth of JSON is at least 0, not " + maxDepth);
        }
        if (loneSurrogates && escapes != Escapes.ANY) {
            throw new IllegalArgumentException("surrogates alone come only where any escape may come");
        }
    }

    /** With any escapes, and nothing beside commas and colons but white space. */
    public JsonOptions(int maxDepth, Whitespace whitespace, boolean loneSurrogates) {
        this(maxDepth, whitespace, loneSurrogates, Escapes.ANY, Separators.COMPACT);
    }

    /** With white space anywhere and without limit, or with none. */
    public JsonOptions(int maxDepth, boolean whitespace, boolean loneSurrogates) {
        this(maxDepth, whitespace ? Whitespace.UNLIMITED : Whitespace.NONE, loneSurrogates);
    }

    /** The same with strings and separators written so. */
    public JsonOptions written(Escapes others, Separators between) {
        return new JsonOptions(maxDepth, whitespace, loneSurrogates, others, between);
    }
}
