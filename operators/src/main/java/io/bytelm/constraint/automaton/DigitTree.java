package io.bytelm.constraint.automaton;

import java.util.Arrays;
import java.util.List;

/**
 * The written forms of a set of code points, digit by digit in some mixed radix, as a tree whose equal subtrees are one: a
 * class of a thousand ranges needs some hundred states.
 */
public final class DigitTree {
    /**
     * One digit of the form.
     *
     * @param bits how much of the code point it carries
     * @param edges how it is written
     */
    public record Digit(int bits, DigitEdges edges) {}

    /** Reads any digit from {@code first} to {@code last} between two states. */
    @FunctionalInterface
    public interface DigitEdges {
        void add(Nfa nfa, int from, int first, int last, int to);
    }

    private final Nfa nfa;
    private final CodePointSet members;
    private final List<Digit> digits;
    private final int end;
    private final int[] bitsAfter;
    private final int[] wholeTree;
    private final IntArrayInterner subtrees = new IntArrayInterner();
    private final IntList stateOfSubtree = new IntList();

    private DigitTree(Nfa nfa, CodePointSet members, List<Digit> digits, int end) {
        this.nfa = nfa;
        this.members = members;
        this.digits = digits;
        this.end = end;
        this.bitsAfter = new int[digits.size()];
        for (int i = digits.size() - 2; i >= 0; i--) {
            bitsAfter[i] = bitsAfter[i + 1] + digits.get(i + 1).bits();
        }
        this.wholeTree = new int[digits.size()];
        Arrays.fill(wholeTree, Nfa.NONE);
    }

    /**
     * Reads any member of a set.
     *
     * @param base the code point whose digits are all 0
     * @param members code points from {@code base} on that the digits suffice for
     * @param digits most significant first
     */
    public static void addEdges(Nfa nfa, int from, CodePointSet members, int base, List<Digit> digits, int to) {
        DigitTree tree = new DigitTree(nfa, members, digits, to);
        tree.addBranches(from, 0, tree.branches(base, 0));
    }

    /** First digit, last digit and state for each range of digits that lead to the same state. */
    private int[] branches(int base, int level) {
        IntList ranges = new IntList();
        for (int digit = 0; digit < 1 << digits.get(level).bits(); digit++) {
            int state = subtree(base + (digit << bitsAfter[level]), level);
            int size = ranges.size();
            if (state == Nfa.NONE) {
                continue;
            }
            if (size > 0 && ranges.get(size - 1) == state && ranges.get(size - 2) == digit - 1) {
                ranges.set(size - 2, digit);
            } else {
                ranges.add(digit);
                ranges.add(digit);
                ranges.add(state);
            }
        }
        return ranges.toArray();
    }

    /** The state after a digit that leaves the members from {@code base} on; NONE if there are none. */
    private int subtree(int base, int level) {
        nfa.budget().tick();
        int last = base + (1 << bitsAfter[level]) - 1;
        if (!members.containsAny(base, last)) {
            return Nfa.NONE;
        }
        if (level == digits.size() - 1) {
            return end;
        }
        if (!members.containsAll(base, last)) {
            return newSubtree(base, level + 1);
        }
        if (wholeTree[level] == Nfa.NONE) {
            wholeTree[level] = newSubtree(base, level + 1);
        }
        return wholeTree[level];
    }

    private int newSubtree(int base, int level) {
        int[] branches = branches(base, level);
        int[] key = Arrays.copyOf(branches, branches.length + 1);
        key[branches.length] = level;
        int number = subtrees.intern(key);
        if (number == stateOfSubtree.size()) {
            int state = nfa.addState();
            stateOfSubtree.add(state);
            addBranches(state, level, branches);
        }
        return stateOfSubtree.get(number);
    }

    private void addBranches(int from, int level, int[] branches) {
        for (int i = 0; i < branches.length; i += 3) {
            digits.get(level).edges().add(nfa, from, branches[i], branches[i + 1], branches[i + 2]);
        }
    }
}
