package io.bytelm.constraint.automaton;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.util.IdentityHashMap;
import java.util.Map;

/** Turns expressions into automata (Thompson 1968). Its recursion is as deep as the expression. */
public final class ExpressionCompiler {
    private static final int BYTES = 256;

    private final CodePointEncoding encoding;
    private final CompileBudget budget;
    private final Map<Expression.LookAround, Look> looks = new IdentityHashMap<>();

    private ExpressionCompiler(CodePointEncoding encoding, CompileBudget budget) {
        this.encoding = encoding;
        this.budget = budget;
    }

    /** The minimal automaton of an expression. */
    public static ByteDfa compile(Expression expression, CodePointEncoding encoding, CompileBudget budget) {
        Nfa nfa = new Nfa(budget);
        new ExpressionCompiler(encoding, budget).add(expression, nfa, nfa.start(), nfa.end());
        return ByteDfa.of(nfa, budget);
    }

    /** Adds an expression between two states of an automaton that a client builds. */
    public static void addTo(
            Nfa nfa, int from, Expression expression, int to, CodePointEncoding encoding, CompileBudget budget) {
        new ExpressionCompiler(encoding, budget).add(expression, nfa, from, to);
    }

    private void add(Expression expression, Nfa nfa, int from, int to) {
        if (expression instanceof Expression.Chars chars) {
            encoding.addEdges(nfa, from, chars.set(), to);
        } else if (expression instanceof Expression.Sequence sequence) {
            int at = from;
            for (Expression part : sequence.parts()) {
                int after = nfa.addState();
                add(part, nfa, at, after);
                at = after;
            }
            nfa.addEmptyEdge(at, to);
        } else if (expression instanceof Expression.Alternatives alternatives) {
            for (Expression branch : alternatives.branches()) {
                add(branch, nfa, from, to);
            }
        } else if (expression instanceof Expression.Repeat repeat) {
            addRepeat(repeat, nfa, from, to);
        } else if (expression instanceof Expression.LookAround look) {
            nfa.addLook(from, to, lookOf(look));
        } else if (expression instanceof Expression.Automaton automaton) {
            nfa.addAutomaton(from, automaton.dfa(), to);
        } else if (expression instanceof Expression.Call call) {
            nfa.addEdge(from, BYTES + call.rule(), BYTES + call.rule(), to);
        }
    }

    private void addRepeat(Expression.Repeat repeat, Nfa nfa, int from, int to) {
        int at = addCopies(repeat.body(), repeat.min(), nfa, from, Nfa.NONE);
        if (repeat.max() == Expression.UNBOUNDED) {
            int loop = nfa.addState();
            nfa.addEmptyEdge(at, loop);
            add(repeat.body(), nfa, loop, loop);
            at = loop;
        } else {
            at = addCopies(repeat.body(), repeat.max() - repeat.min(), nfa, at, to);
        }
        nfa.addEmptyEdge(at, to);
    }

    /** So many copies, one after the other; before each of them {@code exit}, if there is one, can be taken. */
    private int addCopies(Expression body, int count, Nfa nfa, int from, int exit) {
        int at = from;
        for (int i = 0; i < count; i++) {
            if (exit != Nfa.NONE) {
                nfa.addEmptyEdge(at, exit);
            }
            int after = nfa.addState();
            add(body, nfa, at, after);
            at = after;
        }
        return at;
    }

    /** The condition of a look-around, compiled once: a repetition has many copies of it. */
    private Look lookOf(Expression.LookAround expression) {
        Look known = looks.get(expression);
        if (known == null) {
            known = look(expression);
            looks.put(expression, known);
        }
        return known;
    }

    private Look look(Expression.LookAround look) {
        Nfa nfa = new Nfa(budget);
        int begin = nfa.start();
        int end = nfa.end();
        if (look.ahead()) {
            nfa.addEdge(end, 0, BYTES - 1, end);
        } else {
            encoding.addEdges(nfa, begin, encoding.universe(), begin);
        }
        add(look.body(), nfa, begin, end);
        refuseMixedDirections(look, nfa);
        return new Look(look.ahead(), look.negated(), SubsetConstruction.determinize(nfa, budget));
    }

    private static void refuseMixedDirections(Expression.LookAround outer, Nfa nfa) {
        for (Look inner : nfa.looks()) {
            if (!inner.ahead() || !outer.ahead()) {
                throw new ConstraintException(
                        Reason.UNSUPPORTED,
                        "inside a look-ahead or look-behind, only a look-ahead in a look-ahead is supported; "
                                + "^ and \\b count as look-behinds, $ as a look-ahead");
            }
        }
    }
}
