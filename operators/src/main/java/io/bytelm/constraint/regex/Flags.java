package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.CodePointSet;

/** The flags {@code i}, {@code s} and {@code m} at one place of a pattern. */
record Flags(boolean ignoreCase, boolean dotAll, boolean multiline) {
    /** What a set matches under these flags. */
    CodePointSet fold(CodePointSet set, CompileBudget budget) {
        return ignoreCase ? CaseFolding.close(set, budget) : set;
    }
}
