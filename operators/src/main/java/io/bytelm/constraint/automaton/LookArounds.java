package io.bytelm.constraint.automaton;

/** Finds what depends on the text around an expression. */
public final class LookArounds {
    private LookArounds() {}

    public static boolean areIn(Expression expression) {
        if (expression instanceof Expression.LookAround) {
            return true;
        } else if (expression instanceof Expression.Sequence sequence) {
            return sequence.parts().stream().anyMatch(LookArounds::areIn);
        } else if (expression instanceof Expression.Alternatives alternatives) {
            return alternatives.branches().stream().anyMatch(LookArounds::areIn);
        }
        return expression instanceof Expression.Repeat repeat && areIn(repeat.body());
    }
}
