package io.bytelm.constraint.json;

/**
 * Which JSON texts count.
 *
 * @param maxDepth how many arrays and objects may be open at once, at least 0
 * @param whitespace whether insignificant whitespace may come, anywhere and without limit; otherwise none comes at all
 * @param loneSurrogates whether a string may have an escaped surrogate without its other half, which no UTF-8 text can
 *     hold once it is unescaped; RFC 8259 leaves that open
 */
public record JsonOptions(int maxDepth, boolean whitespace, boolean loneSurrogates) {
    /** No whitespace, 64 levels. */
    public static final JsonOptions COMPACT = new JsonOptions(64, false, false);

    /** Everything that RFC 8259 allows, 1000 levels. */
    public static final JsonOptions ANY = new JsonOptions(1000, true, true);

    public JsonOptions {
        if (maxDepth < 0) {
            throw new IllegalArgumentException("the depth of JSON is at least 0, not " + maxDepth);
        }
    }
}
