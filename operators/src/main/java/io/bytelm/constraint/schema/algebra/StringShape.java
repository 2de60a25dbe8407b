package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.text.Lengths;
import io.bytelm.constraint.schema.text.TextCheck;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Strings of a language with a number of code points in a range.
 *
 * @param texts what may stand between the quotes
 * @param max {@link #UNBOUNDED} for no limit
 * @param checks what they pass besides, which no automaton decides
 */
public record StringShape(ByteDfa texts, int min, int max, List<TextCheck> checks) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;
    public static final StringShape ANY = new StringShape(Texts.ANY_STRING, 0, UNBOUNDED);

    public StringShape {
        checks = List.copyOf(checks);
    }

    /** Without checks. */
    public StringShape(ByteDfa texts, int min, int max) {
        this(texts, min, max, List.of());
    }

    public static StringShape of(ByteDfa texts) {
        return new StringShape(texts, 0, UNBOUNDED);
    }

    /** The same shape with those strings alone that surely pass its checks, and then without them. */
    public StringShape surely(CompileBudget budget) {
        ByteDfa passing = texts;
        for (TextCheck check : checks) {
            passing = DfaProduct.intersection(passing, check.surely(budget), budget);
        }
        return new StringShape(passing, min, max);
    }

    /** The texts of this shape, its checks left aside, with their lengths counted by states. */
    public ByteDfa limitedTexts(CompileBudget budget) {
        return min > 0 || max < UNBOUNDED ? Lengths.limit(texts, min, max, budget) : texts;
    }

    boolean isEmpty() {
        return texts.isEmpty() || min > max || checks.stream().anyMatch(check -> checks.contains(check.negated()));
    }

    StringShape and(StringShape that, Algebra algebra) {
        Set<TextCheck> both = new LinkedHashSet<>(checks);
        both.addAll(that.checks);
        return new StringShape(
                and(texts, that.texts, algebra), Math.max(min, that.min), Math.min(max, that.max), List.copyOf(both));
    }

    static ByteDfa and(ByteDfa a, ByteDfa b, Algebra algebra) {
        if (a == Texts.ANY_STRING || a == b) {
            return b;
        }
        return b == Texts.ANY_STRING ? a : DfaProduct.intersection(a, b, algebra.budget());
    }

    static ByteDfa complement(ByteDfa texts, Algebra algebra) {
        return texts == Texts.ANY_STRING
                ? Texts.NOTHING
                : DfaProduct.difference(Texts.ANY_STRING, texts, algebra.budget());
    }

    List<StringShape> complement(Algebra algebra) {
        List<StringShape> others = new ArrayList<>();
        ByteDfa otherTexts = complement(texts, algebra);
        if (!otherTexts.isEmpty()) {
            others.add(of(otherTexts));
        }
        if (min > 0) {
            others.add(new StringShape(Texts.ANY_STRING, 0, min - 1));
        }
        if (max < UNBOUNDED) {
            others.add(new StringShape(Texts.ANY_STRING, max + 1, UNBOUNDED));
        }
        for (TextCheck check : checks) {
            others.add(new StringShape(Texts.ANY_STRING, 0, UNBOUNDED, List.of(check.negated())));
        }
        return others;
    }
}
