package io.bytelm.constraint.regex;

import io.bytelm.constraint.automaton.CodePointSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Simple case folding by {@link Character}: two code points are alike if upper case, then lower case, makes them equal. */
final class CaseFolding {
    private static final int LAST_CASED = 0x1FFFF;
    private static final int[][] ALIKE = alike();

    private CaseFolding() {}

    /** The set and everything alike to a member. */
    static CodePointSet close(CodePointSet set) {
        CodePointSet closed = set;
        List<Integer> added = new ArrayList<>();
        for (int[] group : ALIKE) {
            for (int member : group) {
                if (set.contains(member)) {
                    for (int other : group) {
                        added.add(other);
                    }
                    break;
                }
            }
        }
        return added.isEmpty()
                ? closed
                : closed.or(CodePointSet.of(added.stream().mapToInt(i -> i).toArray()));
    }

    private static int[][] alike() {
        Map<Integer, List<Integer>> groups = new HashMap<>();
        for (int c = 0; c <= LAST_CASED; c++) {
            int folded = Character.toLowerCase(Character.toUpperCase(c));
            if (folded != c) {
                groups.computeIfAbsent(folded, f -> new ArrayList<>(List.of(f))).add(c);
            }
        }
        return groups.values().stream()
                .map(g -> g.stream().mapToInt(i -> i).toArray())
                .toArray(int[][]::new);
    }
}
