package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.automaton.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules of a grammar while its text is read: a rule can be called before it is defined. Used by one thread. */
public final class RuleDrafts {
    private static final int RULE_BYTES = 160;

    private final SchemaCompiler schemas;
    private final CompileBudget budget;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private final List<Integer> firstUses = new ArrayList<>();
    private final List<@Nullable Expression> bodies = new ArrayList<>();
    private final Map<Integer, Constraint> leaves = new HashMap<>();
    private final Map<String, Expression> schemaOf = new HashMap<>();

    /** @param schemas compiles the schemas that the grammar refers to */
    public RuleDrafts(SchemaCompiler schemas, CompileBudget budget) {
        this.schemas = schemas;
        this.budget = budget;
    }

    /** The number of a rule. @param at where its name stands */
    public int numberOf(String name, int at) {
        return numbers.computeIfAbsent(name, n -> {
            budget.chargeState(RULE_BYTES + 2L * n.length());
            return add(n, at, null);
        });
    }

    /** The number of a rule that has been called or defined; null if there is none such. */
    public @Nullable Integer find(String name) {
        return numbers.get(name);
    }

    public boolean isDefined(int rule) {
        return bodies.get(rule) != null;
    }

    public void define(int rule, Expression body) {
        bodies.set(rule, body);
    }

    /** A call of a rule without a name. */
    public Expression ruleOf(Expression body, int at) {
        budget.chargeState(RULE_BYTES);
        return new Expression.Call(add("", at, body));
    }

    /** What satisfies a JSON Schema. @param at where it stands */
    public Expression schema(String schema, int at) {
        Expression known = schemaOf.get(schema);
        if (known != null) {
            return known;
        }
        Constraint constraint = schemas.compile(schema, budget);
        Expression compiled;
        if (constraint instanceof DfaConstraint automaton) {
            compiled = new Expression.Automaton(automaton.dfa());
        } else {
            compiled = ruleOf(new Expression.Alternatives(List.of()), at);
            leaves.put(bodies.size() - 1, constraint);
        }
        schemaOf.put(schema, compiled);
        return compiled;
    }

    private int add(String name, int at, @Nullable Expression body) {
        names.add(name);
        firstUses.add(at);
        bodies.add(body);
        return names.size() - 1;
    }

    /** A rule that is called and not defined; -1 if there is none. */
    public int undefined() {
        return bodies.indexOf(null);
    }

    public String nameOf(int rule) {
        return names.get(rule);
    }

    /** Where a rule is called or defined first. */
    public int firstUse(int rule) {
        return firstUses.get(rule);
    }

    /** All rules, which are defined. */
    public GrammarRules rules(int root) {
        List<Expression> defined = new ArrayList<>();
        for (Expression body : bodies) {
            if (body == null) {
                throw new IllegalStateException("a rule is not defined");
            }
            defined.add(body);
        }
        return new GrammarRules(defined, Map.copyOf(leaves), root);
    }
}
