package io.bytelm.constraint.regex;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Unicode's simple case folding (the statuses C and S of CaseFolding.txt), as ECMA-262 has it under the flags {@code iu}: two
 * code points are alike if they fold to the same one. By {@link Character} that is so if upper case, then lower case, makes
 * them equal, but for the dotted and the dotless i, which fold to nothing else in any language but Turkish, and for three pairs
 * that it does not know of.
 */
final class CaseFolding {
    private static final int LAST_CASED = 0x1FFFF;
    private static final Set<Integer> NOT_FOLDED = Set.of(0x130, 0x131);
    /** Pairs that Unicode 15.1 has made alike; what each is in upper case has several code points. */
    private static final int[][] ALIKE_IN_FULL = {{0x390, 0x1FD3}, {0x3B0, 0x1FE3}, {0xFB06, 0xFB05}};

    private static final int STEPS_PER_SEARCH = 16;

    /** Every code point that is alike to another one, ascending. */
    private static final int[] CASED;

    /** {@code [CASED.length]} everything alike to it, itself too. */
    private static final int[][] ALIKE;

    static {
        Map<Integer, int[]> alike = new HashMap<>();
        groups().values().forEach(group -> {
            int[] members = group.stream().mapToInt(c -> c).toArray();
            group.forEach(c -> alike.put(c, members));
        });
        CASED = alike.keySet().stream().mapToInt(c -> c).sorted().toArray();
        ALIKE = Arrays.stream(CASED).mapToObj(alike::get).toArray(int[][]::new);
    }

    private CaseFolding() {}

    private static Map<Integer, List<Integer>> groups() {
        Map<Integer, List<Integer>> groups = new HashMap<>();
        for (int c = 0; c <= LAST_CASED; c++) {
            int folded = Character.toLowerCase(Character.toUpperCase(c));
            if (folded != c && !NOT_FOLDED.contains(c)) {
                groups.computeIfAbsent(folded, f -> new ArrayList<>(List.of(f))).add(c);
            }
        }
        for (int[] pair : ALIKE_IN_FULL) {
            groups.computeIfAbsent(pair[0], f -> new ArrayList<>(List.of(f))).add(pair[1]);
        }
        return groups;
    }

    /** The set and everything alike to a member. */
    static CodePointSet close(CodePointSet set, CompileBudget budget) {
        List<CodePointSet> found = new ArrayList<>();
        for (int range = 0; range < set.rangeCount(); range++) {
            budget.tick(STEPS_PER_SEARCH);
            int from = Arrays.binarySearch(CASED, set.first(range));
            for (int i = from < 0 ? -1 - from : from; i < CASED.length && CASED[i] <= set.last(range); i++) {
                budget.tick(STEPS_PER_SEARCH);
                found.add(CodePointSet.of(ALIKE[i]));
            }
        }
        return found.isEmpty() ? set : CodePointSet.union(found).or(set);
    }
}
