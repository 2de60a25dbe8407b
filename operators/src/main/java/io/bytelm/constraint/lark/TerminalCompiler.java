package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.ExpressionCompiler;
import io.bytelm.constraint.automaton.Utf8;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns terminals into automata, each once. Its recursion is as deep as terminals use each other. Used by one thread. */
final class TerminalCompiler {
    private final Map<String, Item> definitions;
    private final Places places;
    private final Texts texts;
    private final CompileBudget budget;
    private final Map<String, Expression> compiled = new HashMap<>();
    private final Set<String> open = new HashSet<>();
    private @Nullable ByteDfa everyText;

    TerminalCompiler(Map<String, Item> definitions, Places places, CompileBudget budget) {
        this.definitions = definitions;
        this.places = places;
        this.texts = new Texts(places, budget);
        this.budget = budget;
    }

    /** What a terminal matches, by its name. */
    Expression terminal(String name, int at) {
        Expression known = compiled.get(name);
        if (known != null) {
            return known;
        }
        Item body = definitions.get(name);
        if (body == null) {
            boolean common = CommonTerminals.names().contains(name);
            throw places.syntax(
                    at, "there is no terminal " + name + (common ? "; %import common." + name + " imports it" : ""));
        }
        if (!open.add(name)) {
            throw places.syntax(at, "the terminal " + name + " uses itself; a rule, in lower case, may");
        }
        budget.checkNesting(open.size(), () -> places.named(at));
        Expression automaton = new Expression.Automaton(automaton(body));
        open.remove(name);
        compiled.put(name, automaton);
        return automaton;
    }

    private ByteDfa automaton(Item item) {
        Expression expression = expression(item);
        return expression instanceof Expression.Automaton finished
                ? finished.dfa()
                : ExpressionCompiler.compile(expression, Utf8.INSTANCE, budget);
    }

    /** What an item of a terminal matches. */
    Expression expression(Item item) {
        budget.tick();
        if (item instanceof Item.Text text) {
            return texts.expression(text.token());
        } else if (item instanceof Item.Range range) {
            return texts.range(range);
        } else if (item instanceof Item.Sequence sequence) {
            return new Expression.Sequence(expressions(sequence.parts()));
        } else if (item instanceof Item.Alternatives alternatives) {
            return new Expression.Alternatives(expressions(alternatives.branches()));
        } else if (item instanceof Item.Repeat repeat) {
            return new Expression.Repeat(expression(repeat.item()), repeat.min(), repeat.max());
        } else if (item instanceof Item.Both both) {
            return new Expression.Automaton(both.parts().stream()
                    .map(this::automaton)
                    .reduce((a, b) -> DfaProduct.intersection(a, b, budget))
                    .orElseThrow());
        } else if (item instanceof Item.Not not) {
            return new Expression.Automaton(DfaProduct.difference(everyText(), automaton(not.item()), budget));
        } else if (item instanceof Item.Name name && name.terminal()) {
            return terminal(name.name(), name.at());
        }
        throw places.syntax(item.at(), "a terminal is made of terminals, strings and regular expressions alone");
    }

    private List<Expression> expressions(List<Item> items) {
        return items.stream().map(this::expression).toList();
    }

    private ByteDfa everyText() {
        ByteDfa known = everyText;
        if (known == null) {
            Expression any = new Expression.Repeat(new Expression.Chars(CodePointSet.ALL), 0, Expression.UNBOUNDED);
            known = ExpressionCompiler.compile(any, Utf8.INSTANCE, budget);
            everyText = known;
        }
        return known;
    }
}
