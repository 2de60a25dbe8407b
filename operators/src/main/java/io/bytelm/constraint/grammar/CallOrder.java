package io.bytelm.constraint.grammar;

import io.bytelm.constraint.CompileBudget;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/** The rules in the order of a depth-first search's last visits: callees before callers, but where calls go in circles. */
final class CallOrder {
    private static final int STEPS_PER_VISIT = 4;

    private record Visit(int rule, int nextCall) {}

    private CallOrder() {}

    /** The rules that {@code root} needs, itself last. */
    static int[] calleesFirst(RuleTables tables, int root, CompileBudget budget) {
        budget.tick(tables.ruleCount());
        boolean[] seen = new boolean[tables.ruleCount()];
        int[] order = new int[tables.ruleCount()];
        int count = 0;
        Deque<Visit> stack = new ArrayDeque<>();
        stack.push(new Visit(root, 0));
        seen[root] = true;
        while (!stack.isEmpty()) {
            budget.tick(STEPS_PER_VISIT);
            Visit visit = stack.pop();
            int[] calls = tables.callsOf(visit.rule());
            if (visit.nextCall() == calls.length) {
                order[count++] = visit.rule();
                continue;
            }
            stack.push(new Visit(visit.rule(), visit.nextCall() + 1));
            int callee = calls[visit.nextCall()];
            if (!seen[callee]) {
                seen[callee] = true;
                stack.push(new Visit(callee, 0));
            }
        }
        return Arrays.copyOf(order, count);
    }
}
