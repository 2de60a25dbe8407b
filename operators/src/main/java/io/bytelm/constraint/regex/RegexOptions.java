package io.bytelm.constraint.regex;

/**
 * How a pattern is read.
 *
 * @param search whether it is enough that the pattern occurs somewhere in the text, as JSON Schema's {@code pattern} has
 *     it; otherwise all of the text must match
 * @param anyByte whether text is any bytes, with {@code \xHH} for one of them; otherwise text is strict UTF-8
 * @param ignoreCase the flag {@code i}: simple Unicode case folding
 * @param dotAll the flag {@code s}: the dot matches line terminators too
 * @param multiline the flag {@code m}: {@code ^} and {@code $} match at line terminators too
 * @param dotButLineFeed whether without {@code dotAll} the dot matches all but a line feed, as in Python and RE2; else all but the
 *     line terminators of ECMA-262
 */
public record RegexOptions(
        boolean search,
        boolean anyByte,
        boolean ignoreCase,
        boolean dotAll,
        boolean multiline,
        boolean dotButLineFeed) {
    /** All of the text must match; UTF-8; no flags. */
    public static final RegexOptions FULL_MATCH = new RegexOptions(false, false, false, false, false, false);

    /** The pattern must occur in the text; UTF-8; no flags. */
    public static final RegexOptions SEARCH = new RegexOptions(true, false, false, false, false, false);

    public RegexOptions withAnyByte() {
        return new RegexOptions(search, true, ignoreCase, dotAll, multiline, dotButLineFeed);
    }

    public RegexOptions withIgnoreCase() {
        return new RegexOptions(search, anyByte, true, dotAll, multiline, dotButLineFeed);
    }

    public RegexOptions withDotAll() {
        return new RegexOptions(search, anyByte, ignoreCase, true, multiline, dotButLineFeed);
    }

    public RegexOptions withDotButLineFeed() {
        return new RegexOptions(search, anyByte, ignoreCase, dotAll, multiline, true);
    }
}
