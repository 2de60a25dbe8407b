package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import java.util.ArrayList;
import java.util.List;

/**
 * The texts in which a pattern occurs. Branches share the text before them and the text after them, as far as they are not
 * anchored: if each had its own, the automaton would remember of every branch apart whether it has come yet.
 */
final class Occurrences {
    private static final Expression ANYTHING =
            new Expression.Repeat(new Expression.Chars(CodePointSet.ALL), 0, Expression.UNBOUNDED);

    private final List<Expression> unanchored = new ArrayList<>();
    private final List<Expression> atBegin = new ArrayList<>();
    private final List<Expression> atEnd = new ArrayList<>();
    private final List<Expression> whole = new ArrayList<>();

    private Occurrences() {}

    /** @param branches of a pattern, each a sequence; an anchor counts as one at the very beginning or end of its branch */
    static Expression of(List<Expression> branches) {
        Occurrences occurrences = new Occurrences();
        branches.forEach(branch -> occurrences.add((Expression.Sequence) branch));
        return occurrences.expression();
    }

    private void add(Expression.Sequence branch) {
        List<Expression> parts = new ArrayList<>(branch.parts());
        boolean begins = !parts.isEmpty() && parts.get(0) == Assertions.TEXT_BEGIN;
        if (begins) {
            parts.remove(0);
        }
        boolean ends = !parts.isEmpty() && parts.get(parts.size() - 1) == Assertions.TEXT_END;
        if (ends) {
            parts.remove(parts.size() - 1);
        }
        List<Expression> alike = begins ? (ends ? whole : atBegin) : (ends ? atEnd : unanchored);
        alike.add(new Expression.Sequence(parts));
    }

    private Expression expression() {
        List<Expression> followed = new ArrayList<>(atBegin);
        if (!unanchored.isEmpty()) {
            followed.add(Expression.sequence(ANYTHING, new Expression.Alternatives(unanchored)));
        }
        List<Expression> all = new ArrayList<>(whole);
        if (!followed.isEmpty()) {
            all.add(Expression.sequence(new Expression.Alternatives(followed), ANYTHING));
        }
        if (!atEnd.isEmpty()) {
            all.add(Expression.sequence(ANYTHING, new Expression.Alternatives(atEnd)));
        }
        return new Expression.Alternatives(all);
    }
}
