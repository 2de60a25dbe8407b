package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.text.Lengths;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.List;

/**
 * Strings of a language with a number of code points in a range.
 *
 * @param texts what may stand between the quotes
 * @param max {@link #UNBOUNDED} for no limit
 */
public record StringShape(ByteDfa texts, int min, int max) {
    public static final int UNBOUNDED = Integer.MAX_VALUE;
    public static final StringShape ANY = new StringShape(Texts.ANY_STRING, 0, UNBOUNDED);

    public static StringShape of(ByteDfa texts) {
        return new StringShape(texts, 0, UNBOUNDED);
    }

    /** The texts of this shape, with their lengths counted by states. */
    public ByteDfa limitedTexts(CompileBudget budget) {
        return min > 0 || max < UNBOUNDED ? Lengths.limit(texts, min, max, budget) : texts;
    }

    boolean isEmpty() {
        return texts.isEmpty() || min > max;
    }

    StringShape and(StringShape that, Algebra algebra) {
        return new StringShape(and(texts, that.texts, algebra), Math.max(min, that.min), Math.min(max, that.max));
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
        return others;
    }
}
