package io.bytelm.constraint.automaton;

/**
 * The multi-byte forms of a set of code points, as a tree whose equal subtrees are one: a class of a thousand ranges needs
 * some hundred states.
 */
final class Utf8Tails {
    private static final int BITS = 6;
    private static final int LAST_DIGIT = (1 << BITS) - 1;
    private static final int CONTINUATION = 0x80;

    private final Nfa nfa;
    private final CodePointSet set;
    private final int end;
    private final IntArrayInterner subtrees = new IntArrayInterner();
    private final IntList stateOfSubtree = new IntList();
    private final int[] wholeTree = {Nfa.NONE, Nfa.NONE, Nfa.NONE, Nfa.NONE};

    /** @param end where the last byte leads */
    Utf8Tails(Nfa nfa, CodePointSet set, int end) {
        this.nfa = nfa;
        this.set = set;
        this.end = end;
    }

    /** Reads the members in {@code first .. last}: a lead byte that carries {@code leadBits}, then so many tail bytes. */
    void addLeads(int from, int first, int last, int leadBits, int tailBytes) {
        CodePointSet members = set.and(CodePointSet.range(first, last));
        int shift = BITS * tailBytes;
        addEdges(from, branches(members, 0, first >> shift, last >> shift, tailBytes), leadBits);
    }

    /** First digit, last digit and subtree for each range of digits that lead to the same subtree. */
    private int[] branches(CodePointSet members, int base, int firstDigit, int lastDigit, int tailBytes) {
        IntList ranges = new IntList();
        for (int digit = firstDigit; digit <= lastDigit; digit++) {
            int subtree = subtree(members, base + (digit << BITS * tailBytes), tailBytes);
            int size = ranges.size();
            if (subtree == Nfa.NONE) {
                continue;
            }
            if (size > 0 && ranges.get(size - 1) == subtree && ranges.get(size - 2) == digit - 1) {
                ranges.set(size - 2, digit);
            } else {
                ranges.add(digit);
                ranges.add(digit);
                ranges.add(subtree);
            }
        }
        return ranges.toArray();
    }

    /** The state that reads the last bytes of the members from {@code base} on, or NONE if there are none. */
    private int subtree(CodePointSet members, int base, int tailBytes) {
        int last = base + (1 << BITS * tailBytes) - 1;
        if (!members.containsAny(base, last)) {
            return Nfa.NONE;
        }
        if (tailBytes == 0) {
            return end;
        }
        if (!members.containsAll(base, last)) {
            return newSubtree(members, base, tailBytes);
        }
        if (wholeTree[tailBytes] == Nfa.NONE) {
            wholeTree[tailBytes] = newSubtree(members, base, tailBytes);
        }
        return wholeTree[tailBytes];
    }

    private int newSubtree(CodePointSet members, int base, int tailBytes) {
        int[] ranges = branches(members, base, 0, LAST_DIGIT, tailBytes - 1);
        int number = subtrees.intern(ranges);
        if (number == stateOfSubtree.size()) {
            int state = nfa.addState();
            stateOfSubtree.add(state);
            addEdges(state, ranges, CONTINUATION);
        }
        return stateOfSubtree.get(number);
    }

    private void addEdges(int from, int[] ranges, int bits) {
        for (int i = 0; i < ranges.length; i += 3) {
            nfa.addEdge(from, bits | ranges[i], bits | ranges[i + 1], ranges[i + 2]);
        }
    }
}
