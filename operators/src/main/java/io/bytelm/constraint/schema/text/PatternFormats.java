package io.bytelm.constraint.schema.text;

/** A part of the patterns of ECMA-262, as a regular expression. */
final class PatternFormats {
    private static final String CHARACTER = "[^\\^$\\\\.*+?()\\[\\]{}|]";
    private static final String ESCAPE = "\\\\[dDwWsStnrfv^$\\\\.*+?()\\[\\]{}|/]";
    private static final String IN_CLASS = "([^\\\\\\[\\]\\-^]|\\\\[dDwWsStnrfv\\\\\\]\\[^]|a-z|A-Z|0-9)";
    private static final String CLASS = "\\[\\^?" + IN_CLASS + "*\\]";
    private static final String COUNT = "\\{([0-9]{1,3},?|0,[0-9]{1,3}|1,[1-9][0-9]{0,2})\\}";
    private static final String QUANTIFIER = "([*+?]|" + COUNT + ")\\??";
    private static final String ASSERTION = "\\^|\\$|\\\\[bB]";

    /** With groups that are at most two deep. */
    static final String SIMPLE = within(within(within("")));

    private PatternFormats() {}

    /** Alternatives of terms, of which one may be these in a group. */
    private static String within(String groups) {
        String group = groups.isEmpty() ? "" : "|\\((\\?:)?(" + groups + ")\\)";
        String atom = "(\\.|" + CHARACTER + "|" + ESCAPE + "|" + CLASS + group + ")";
        String terms = "(" + ASSERTION + "|" + atom + "(" + QUANTIFIER + ")?)*";
        return terms + "(\\|" + terms + ")*";
    }
}
