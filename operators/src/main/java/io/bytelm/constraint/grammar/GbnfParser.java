package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.Expression;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Recursive descent over the rules of a grammar; one for one grammar. */
final class GbnfParser {
    private static final String ROOT = "root";
    private static final int MOST_REPETITIONS = 4;
    /** About what a parsed part takes. */
    private static final int PART_BYTES = 64;

    /** What comes so often is a rule of its own, which need not be written out for each time that it comes. */
    private static final int COUNT_OF_A_RULE = 1_000;

    private final GbnfReader in;
    private final CompileBudget budget;
    private final RuleDrafts rules;
    private int depth;

    GbnfParser(String grammar, SchemaCompiler schemas, CompileBudget budget) {
        this.in = new GbnfReader(grammar);
        this.budget = budget;
        this.rules = new RuleDrafts(schemas, budget);
    }

    GrammarRules parse() {
        in.skipSpace(true);
        while (!in.atEnd()) {
            parseRule();
            in.skipSpace(true);
        }
        int undefined = rules.undefined();
        if (undefined >= 0) {
            throw in.syntax(rules.firstUse(undefined), "there is no rule " + rules.nameOf(undefined));
        }
        Integer root = rules.find(ROOT);
        if (root == null) {
            throw new ConstraintException(Reason.SYNTAX, "the grammar is malformed: there is no rule root");
        }
        return rules.rules(root);
    }

    private void parseRule() {
        int at = in.position();
        String name = in.readName();
        if (name.isEmpty()) {
            throw in.syntax(at, "a rule begins with its name");
        }
        in.skipSpace(false);
        in.expect("::=", "after the name of a rule");
        in.skipSpace(true);
        int rule = rules.numberOf(name, at);
        if (rules.isDefined(rule)) {
            throw in.syntax(at, "there are two rules " + name);
        }
        rules.define(rule, parseBranches(false));
        if (!in.atEnd() && !GbnfReader.isNewline(in.peek())) {
            throw in.syntax(in.position(), "a rule ends with its line");
        }
    }

    private Expression parseBranches(boolean nested) {
        List<Expression> branches = new ArrayList<>();
        branches.add(parseSequence(nested));
        while (in.eat("|")) {
            in.skipSpace(true);
            branches.add(parseSequence(nested));
        }
        return branches.size() == 1 ? branches.get(0) : new Expression.Alternatives(branches);
    }

    private Expression parseSequence(boolean nested) {
        budget.tick();
        budget.chargeMemory(PART_BYTES);
        List<Expression> parts = new ArrayList<>();
        for (Expression part = parseItem(); part != null; part = parseItem()) {
            in.skipSpace(nested);
            parts.add(parseRepetitions(part, nested));
        }
        return new Expression.Sequence(parts);
    }

    /** A literal, class, dot, group or name; null where the sequence ends. */
    private @Nullable Expression parseItem() {
        budget.tick();
        budget.chargeMemory(PART_BYTES);
        int at = in.position();
        switch (in.peek()) {
            case '"' -> {
                return parseLiteral();
            }
            case '[' -> {
                return parseClass();
            }
            case '.' -> {
                in.read();
                return new Expression.Chars(CodePointSet.ALL);
            }
            case '(' -> {
                return parseGroup();
            }
            case '*', '+', '?', '{' -> throw in.syntax(at, "there is nothing to repeat");
            case '<', '!' ->
                throw new ConstraintException(
                        Reason.UNSUPPORTED, at, "tokens in a grammar are not supported: it is about bytes");
            case '%' -> {
                return parseSchema();
            }
            case '/' -> {
                return parseRegex();
            }
            default -> {
                String name = in.readName();
                return name.isEmpty() ? null : new Expression.Call(rules.numberOf(name, at));
            }
        }
    }

    private Expression parseLiteral() {
        in.read();
        List<Expression> characters = new ArrayList<>();
        while (!in.eat("\"")) {
            budget.chargeMemory(PART_BYTES);
            characters.add(new Expression.Chars(CodePointSet.of(in.readCharacter())));
        }
        return new Expression.Sequence(characters);
    }

    private Expression parseClass() {
        in.read();
        boolean negated = in.eat("^");
        List<Integer> bounds = new ArrayList<>();
        while (!in.eat("]")) {
            int at = in.position();
            int first = in.readMember();
            int dash = in.position();
            boolean range = in.eat("-") && in.peek() != ']';
            if (!range) {
                in.backTo(dash);
            }
            int last = range ? in.readMember() : first;
            if (last < first) {
                throw in.syntax(at, "the range of a class is out of order");
            }
            budget.chargeMemory(PART_BYTES);
            bounds.add(first);
            bounds.add(last);
        }
        CodePointSet set =
                CodePointSet.ofBounds(bounds.stream().mapToInt(i -> i).toArray());
        return new Expression.Chars(negated ? set.complement() : set);
    }

    private Expression parseSchema() {
        int at = in.position();
        in.expect("%json", "before a schema");
        in.skipSpace(true);
        String schema = in.readObject();
        try {
            return rules.schema(schema, at);
        } catch (ConstraintException e) {
            throw in.within(at, "the schema", e);
        }
    }

    private Expression parseRegex() {
        int at = in.position();
        String pattern = in.readPattern();
        RegexOptions options = RegexOptions.FULL_MATCH;
        for (int flag = in.peek(); flag == 'i' || flag == 's'; flag = in.peek()) {
            options = flag == 'i' ? options.withIgnoreCase() : options.withDotAll();
            in.read();
        }
        try {
            return new Expression.Automaton(Regex.compile(pattern, options, Utf8.INSTANCE, budget));
        } catch (ConstraintException e) {
            throw in.within(at, "the regular expression", e);
        }
    }

    private Expression parseGroup() {
        budget.checkNesting(++depth, in.position());
        in.read();
        in.skipSpace(true);
        Expression group = parseBranches(true);
        in.expect(")", "at the end of a group");
        depth--;
        return group;
    }

    private Expression parseRepetitions(Expression part, boolean nested) {
        Expression repeated = part;
        int repetitions = 0;
        for (Expression next = parseRepetition(part); next != null; next = parseRepetition(repeated)) {
            if (++repetitions > MOST_REPETITIONS) {
                throw in.syntax(in.position(), "more than " + MOST_REPETITIONS + " repetitions of each other");
            }
            repeated = next;
            in.skipSpace(nested);
        }
        return repeated;
    }

    private @Nullable Expression parseRepetition(Expression part) {
        if (in.eat("*")) {
            return new Expression.Repeat(part, 0, Expression.UNBOUNDED);
        } else if (in.eat("+")) {
            return new Expression.Repeat(part, 1, Expression.UNBOUNDED);
        } else if (in.eat("?")) {
            return new Expression.Repeat(part, 0, 1);
        }
        return in.peek() == '{' ? parseCounts(part) : null;
    }

    private Expression parseCounts(Expression part) {
        int at = in.position();
        in.read();
        in.skipSpace(false);
        int min = in.readCount();
        in.skipSpace(false);
        boolean comma = in.eat(",");
        in.skipSpace(false);
        int max = comma ? in.readCount() : min;
        in.skipSpace(false);
        in.expect("}", "after a repetition count");
        if (min < 0 || (max >= 0 && max < min)) {
            throw in.syntax(at, "the counts of a repetition are {m}, {m,} or {m,n} with m up to n");
        }
        boolean comesOften = Math.max(min, max) >= COUNT_OF_A_RULE && !(part instanceof Expression.Call);
        Expression body = comesOften ? rules.ruleOf(part, at) : part;
        return new Expression.Repeat(body, min, max < 0 ? Expression.UNBOUNDED : max);
    }
}
