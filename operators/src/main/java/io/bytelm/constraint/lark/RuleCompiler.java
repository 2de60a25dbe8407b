package io.bytelm.constraint.lark;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.grammar.GrammarRules;
import io.bytelm.constraint.grammar.RuleDrafts;
import io.bytelm.constraint.grammar.SchemaCompiler;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Turns definitions into a grammar: before each terminal, and at the end, stands what is ignored. Used once. */
final class RuleCompiler {
    private static final String START = "start";
    /** What comes so often is a rule of its own, which need not be written out for each time that it comes. */
    private static final int COUNT_OF_A_RULE = 1_000;

    private final Definitions definitions;
    private final Places places;
    private final TerminalCompiler terminals;
    private final RuleDrafts rules;
    private @Nullable Expression ignored;

    RuleCompiler(Definitions definitions, Places places, SchemaCompiler schemas, CompileBudget budget) {
        this.definitions = definitions;
        this.places = places;
        this.terminals = new TerminalCompiler(definitions.terminals(), places, budget);
        this.rules = new RuleDrafts(schemas, budget);
    }

    GrammarRules rules() {
        if (!definitions.rules().containsKey(START)) {
            throw places.syntax(0, "there is no rule " + START + ", which derives the whole text");
        }
        List<Item> between = definitions.ignored();
        if (!between.isEmpty()) {
            Expression one = terminals.expression(
                    new Item.Alternatives(between, between.get(0).at()));
            ignored = rules.ruleOf(new Expression.Repeat(one, 0, Expression.UNBOUNDED), 0);
        }
        definitions.rules().forEach((name, body) -> rules.define(rules.numberOf(name, body.at()), expression(body)));
        int undefined = rules.undefined();
        if (undefined >= 0) {
            throw places.syntax(rules.firstUse(undefined), "there is no rule " + rules.nameOf(undefined));
        }
        Expression start = new Expression.Call(rules.numberOf(START, 0));
        Expression whole = ignored == null ? start : Expression.sequence(start, ignored);
        return rules.rules(((Expression.Call) rules.ruleOf(whole, 0)).rule());
    }

    private Expression expression(Item item) {
        if (item instanceof Item.Name name && !name.terminal()) {
            return new Expression.Call(rules.numberOf(name.name(), name.at()));
        } else if (item instanceof Item.Sequence sequence) {
            return new Expression.Sequence(expressions(sequence.parts()));
        } else if (item instanceof Item.Alternatives alternatives) {
            return new Expression.Alternatives(expressions(alternatives.branches()));
        } else if (item instanceof Item.Repeat repeat) {
            return repeat(repeat);
        } else if (item instanceof Item.Schema schema) {
            return afterIgnored(schema(schema));
        } else if (item instanceof Item.Both || item instanceof Item.Not) {
            throw places.unsupported(item.at(), "& and ~ are for terminals, in upper case; rules cannot have them");
        }
        Expression terminal = terminals.expression(item);
        return terminal.equals(Expression.EMPTY) ? terminal : afterIgnored(terminal);
    }

    private List<Expression> expressions(List<Item> items) {
        return items.stream().map(this::expression).toList();
    }

    private Expression afterIgnored(Expression terminal) {
        Expression before = ignored;
        return before == null ? terminal : Expression.sequence(before, terminal);
    }

    private Expression repeat(Item.Repeat repeat) {
        Expression body = expression(repeat.item());
        int counted = repeat.max() == Expression.UNBOUNDED ? repeat.min() : repeat.max();
        boolean comesOften = counted >= COUNT_OF_A_RULE && !(body instanceof Expression.Call);
        return new Expression.Repeat(comesOften ? rules.ruleOf(body, repeat.at()) : body, repeat.min(), repeat.max());
    }

    private Expression schema(Item.Schema schema) {
        try {
            return rules.schema(schema.schema(), schema.at());
        } catch (ConstraintException e) {
            throw places.within(schema.at(), "the schema", e);
        }
    }
}
