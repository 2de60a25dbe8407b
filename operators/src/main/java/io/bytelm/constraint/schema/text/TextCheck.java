package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;

/**
 * That a string has a format, or that it has not.
 *
 * @param wanted whether it must have it
 */
public record TextCheck(CheckedFormat format, boolean wanted) {
    public TextCheck negated() {
        return new TextCheck(format, !wanted);
    }

    /** The strings that surely pass. */
    public ByteDfa surely(CompileBudget budget) {
        return wanted ? format.surely() : DfaProduct.difference(Texts.ANY_STRING, format.possibly(), budget);
    }

    /** @param text of a string, as it stands between the quotes */
    public boolean passes(byte[] text) {
        return wanted == (format.possibly().accepts(text) && format.holds(text));
    }
}
