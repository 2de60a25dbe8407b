package io.bytelm.constraint.schema;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.network.DistinctItems;
import io.bytelm.constraint.schema.text.LiteralTexts;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.List;

/**
 * The items of an array of which no two are equal, as texts: each value has one, so numbers come in their shortest form. Used by one
 * thread.
 */
final class DistinctDraft {
    private static final int MOST_REQUIRED_ITEMS = 1_000;

    private final String place;
    private final NetworkBuilder builder;
    private final CompileBudget budget;
    private final int number;
    private final int max;
    private final ByteDfa texts;

    private DistinctDraft(ArrayShape shape, String place, NetworkBuilder builder) {
        this.place = place;
        this.builder = builder;
        this.budget = builder.algebra().budget();
        this.number = builder.nextDistinct();
        if (shape.min() > MOST_REQUIRED_ITEMS) {
            throw ConstraintException.at(
                    Reason.TOO_LARGE, place, "of more than " + MOST_REQUIRED_ITEMS + " items it is not enforced");
        }
        if (!shape.contains().isEmpty()) {
            throw unsupported("together with contains it is not enforced");
        }
        List<Node> items = new ArrayList<>(shape.prefix());
        boolean ends = items.size() >= shape.max() || builder.algebra().isSurelyNothing(shape.rest());
        if (!ends) {
            items.add(shape.rest());
        }
        this.max = ends ? Math.min(shape.max(), items.size()) : shape.max();
        this.texts = max == 0 ? Texts.NOTHING : ofAll(items);
    }

    /** @param place of the keyword, for refusals */
    static DistinctDraft of(ArrayShape shape, String place, NetworkBuilder builder) {
        return new DistinctDraft(shape, place, builder);
    }

    /** Which of such arrays it is. */
    int number() {
        return number;
    }

    int max() {
        return max;
    }

    DistinctItems items(int min, int comma) {
        return new DistinctItems(texts, min, comma, budget);
    }

    private ConstraintException unsupported(String why) {
        return ConstraintException.at(Reason.UNSUPPORTED, place, why);
    }

    private ByteDfa ofAll(List<Node> items) {
        ByteDfa first = texts(items.get(0));
        for (Node item : items.subList(1, items.size())) {
            if (!item.equals(items.get(0)) && !texts(item).equals(first)) {
                throw unsupported("with items of different schemas by their place it is not enforced");
            }
        }
        return first;
    }

    private ByteDfa texts(Node item) {
        ValueSet set = builder.algebra().valuesOf(item);
        if (!set.arrays().isEmpty() || !set.objects().isEmpty()) {
            throw unsupported(
                    "of items that may be arrays or objects it is not enforced; limit their type, or leave it out");
        }
        List<Expression> kinds = new ArrayList<>();
        kinds.add(new Expression.Automaton(LiteralTexts.of(set.literals())));
        kinds.add(new Expression.Automaton(DfaProduct.intersection(set.numbers(), Texts.SHORTEST_FORMS, budget)));
        for (StringShape shape : set.strings()) {
            ByteDfa strings = builder.shared().distinctTexts(shape);
            kinds.add(Expression.sequence(
                    Expression.literal("\""), new Expression.Automaton(strings), Expression.literal("\"")));
        }
        return ExpressionCompiler.compile(new Expression.Alternatives(kinds), Utf8.INSTANCE, budget);
    }
}
