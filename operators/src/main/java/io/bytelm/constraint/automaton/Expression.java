package io.bytelm.constraint.automaton;

import java.util.List;

/** A regular expression, free of any syntax; {@link ExpressionCompiler} turns it into an automaton. Immutable. */
public sealed interface Expression {
    /** The empty text. */
    Expression EMPTY = new Sequence(List.of());

    /** The maximum of a {@link Repeat} without one. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** One code point of a set; of an empty set: nothing at all. */
    record Chars(CodePointSet set) implements Expression {}

    /** One part after the other. */
    record Sequence(List<Expression> parts) implements Expression {}

    /** Any of the branches; of none: nothing at all. */
    record Alternatives(List<Expression> branches) implements Expression {}

    /** The body, {@code min} to {@code max} times. */
    record Repeat(Expression body, int min, int max) implements Expression {}

    /**
     * Reads nothing, on a condition: what follows begins with the body ({@code ahead}), or what came before ends with it;
     * or, {@code negated}, does not.
     */
    record LookAround(boolean ahead, boolean negated, Expression body) implements Expression {}

    /** What a finished automaton accepts, byte for byte. */
    record Automaton(ByteDfa dfa) implements Expression {}

    /** What a grammar's rule derives: one symbol, {@code 256 + rule}, of an {@link Nfa} that has so many. */
    record Call(int rule) implements Expression {}

    static Expression sequence(Expression... parts) {
        return new Sequence(List.of(parts));
    }

    static Expression anyOf(Expression... branches) {
        return new Alternatives(List.of(branches));
    }

    /** These characters one after the other. */
    static Expression literal(String text) {
        return new Sequence(text.codePoints()
                .<Expression>mapToObj(c -> new Chars(CodePointSet.of(c)))
                .toList());
    }
}
