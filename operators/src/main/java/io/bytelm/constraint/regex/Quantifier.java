package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.Expression;
import org.jspecify.annotations.Nullable;

/** How often the atom before it comes. */
record Quantifier(int min, int max) {
    private static final int MOST_DIGITS = 9;

    /** Reads a quantifier if one comes next; a brace that begins none is left to be a character. */
    static @Nullable Quantifier parse(PatternReader in) {
        int at = in.position();
        Quantifier quantifier = parseGreedy(in);
        if (quantifier == null) {
            return null;
        }
        if (in.eat("+")) {
            throw in.unsupported(at, "possessive quantifiers; write the pattern without the second +");
        }
        in.eat("?");
        return quantifier;
    }

    private static @Nullable Quantifier parseGreedy(PatternReader in) {
        if (in.eat("*")) {
            return new Quantifier(0, Expression.UNBOUNDED);
        } else if (in.eat("+")) {
            return new Quantifier(1, Expression.UNBOUNDED);
        } else if (in.eat("?")) {
            return new Quantifier(0, 1);
        }
        int at = in.position();
        Quantifier counted = in.eat("{") ? parseCounted(in, at) : null;
        if (counted == null) {
            in.backTo(at);
        }
        return counted;
    }

    private static @Nullable Quantifier parseCounted(PatternReader in, int at) {
        String min = in.readDigits(10, Integer.MAX_VALUE);
        boolean comma = in.eat(",");
        String max = comma ? in.readDigits(10, Integer.MAX_VALUE) : min;
        if (!in.eat("}") || (min.isEmpty() && max.isEmpty())) {
            return null;
        }
        if (min.isEmpty()) {
            throw in.syntax(at, "a repetition without a minimum: write {0," + max + "}");
        }
        int least = count(in, at, min);
        int most = max.isEmpty() ? Expression.UNBOUNDED : count(in, at, max);
        if (most < least) {
            throw in.syntax(at, "the counts of a repetition are out of order");
        }
        return new Quantifier(least, most);
    }

    private static int count(PatternReader in, int at, String digits) {
        if (digits.length() > MOST_DIGITS) {
            throw in.unsupported(at, "a repetition count of " + digits.length() + " digits");
        }
        return Integer.parseInt(digits);
    }
}
