package io.bytelm.constraint.schema.text;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.automaton.ByteDfa;
import java.util.ArrayList;
import java.util.List;

/** {@code null}, {@code true} and {@code false}. */
public final class LiteralTexts {
    private static final String[] LITERALS = {"null", "true", "false"};
    private static final ByteDfa[] SETS = new ByteDfa[1 << LITERALS.length];

    static {
        CompileBudget budget = CompileBudget.start(CompileLimits.TRUSTED);
        for (int set = 0; set < SETS.length; set++) {
            List<String> members = new ArrayList<>();
            for (int i = 0; i < LITERALS.length; i++) {
                if ((set >> i & 1) != 0) {
                    members.add(LITERALS[i]);
                }
            }
            SETS[set] = Texts.strings(members, budget);
        }
    }

    private LiteralTexts() {}

    /** @param set bit 0 for null, bit 1 for true, bit 2 for false */
    public static ByteDfa of(int set) {
        return SETS[set];
    }
}
