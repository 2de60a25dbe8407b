package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import java.util.Arrays;

/** The fewest bytes from each state of a network to the end of its rule, as the least fixpoint (Knuth 1977). */
final class FewestBytes {
    private final RuleNetwork network;
    private final CompileBudget budget;
    private final int[] fewest;

    FewestBytes(RuleNetwork network, int states, CompileBudget budget) {
        this.network = network;
        this.budget = budget;
        this.fewest = new int[states];
    }

    int[] compute() {
        Arrays.fill(fewest, Cursor.VERY_MANY_BYTES);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int state = fewest.length - 1; state >= 0; state--) {
                int best = best(state);
                changed |= best < fewest[state];
                fewest[state] = best;
            }
        }
        return fewest;
    }

    private int best(int state) {
        if (network.ends(state)) {
            return 0;
        }
        Cursor leaf = network.leafStart(state);
        if (leaf != null) {
            return leaf.fewestBytesToAccept();
        }
        int best = Cursor.VERY_MANY_BYTES;
        budget.tick(RuleTables.BYTES / 2 + network.callees(state).length);
        for (int b = 0; b < RuleTables.BYTES; b++) {
            int target = network.next(state, b);
            best = target < 0 ? best : Math.min(best, 1 + fewest[target]);
        }
        int[] callees = network.callees(state);
        for (int i = 0; i < callees.length; i++) {
            int after = network.returns(state)[i];
            int rest = after == RuleNetwork.CALLER_ENDS ? 0 : fewest[after];
            best = Math.min(best, RuleNetwork.plus(fewest[callees[i]], rest));
        }
        return best;
    }
}
