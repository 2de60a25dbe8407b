package io.bytelm.constraint.composed;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaConstraint;
import io.bytelm.constraint.automaton.Nfa;
import io.bytelm.constraint.automaton.TransitionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Compiles parts (Thompson 1968, over bytes and one symbol for each constraint that is no automaton). Its recursion is as deep as the parts. */
public final class Composer {
    private static final int BYTES = 256;

    private final CompileBudget budget;
    private final Nfa nfa;
    private final List<Constraint> leaves = new ArrayList<>();
    private final Map<Constraint, Integer> numberOfLeaf = new IdentityHashMap<>();

    private Composer(CompileBudget budget) {
        this.budget = budget;
        this.nfa = new Nfa(budget);
    }

    /**
     * Compiles on the calling thread. What is regular as a whole becomes an automaton.
     *
     * @throws ConstraintException if it is over the budget, nothing satisfies it, or its start is too ambiguous
     */
    public static Constraint compile(Part part, CompileBudget budget) {
        return part instanceof Part.Whole whole ? whole.constraint() : new Composer(budget).compiled(part);
    }

    /**
     * Checks strings that free text is searched for.
     *
     * @throws ConstraintException if one is there twice, or is never found because another one in it is found before
     */
    public static void checkEachIsFound(List<byte[]> strings, CompileBudget budget) {
        if (strings.size() > 1) {
            new Search(strings, budget);
        }
    }

    private Constraint compiled(Part part) {
        add(part, nfa.start(), nfa.end());
        TransitionTable table = TransitionTable.of(nfa, budget);
        if (leaves.isEmpty()) {
            return new DfaConstraint(ByteDfa.ofBytes(table, budget));
        }
        if (table.stateCount() == 1 && !table.accepting()[0]) {
            throw new ConstraintException(Reason.UNSATISFIABLE, "no byte string satisfies the constraint");
        }
        return new ComposedConstraint(new Frame(table, leaves, budget), budget);
    }

    private void add(Part part, int from, int to) {
        if (part instanceof Part.Bytes bytes) {
            addBytes(bytes.bytes(), from, to);
        } else if (part instanceof Part.Whole whole) {
            addWhole(whole.constraint(), from, to);
        } else if (part instanceof Part.Sequence sequence) {
            int at = from;
            for (Part each : sequence.parts()) {
                int after = nfa.addState();
                add(each, at, after);
                at = after;
            }
            nfa.addEmptyEdge(at, to);
        } else if (part instanceof Part.Alternatives alternatives) {
            alternatives.parts().forEach(each -> add(each, from, to));
        } else if (part instanceof Part.Repeat repeat) {
            addRepeat(repeat, from, to);
        } else if (part instanceof Part.FreeText text) {
            addFreeText(text, from, to);
        } else if (part instanceof Part.Regions regions) {
            addRegions(regions, from, to);
        }
    }

    private void addBytes(byte[] bytes, int from, int to) {
        int at = from;
        for (byte b : bytes) {
            int after = nfa.addState();
            nfa.addEdge(at, b & 0xFF, b & 0xFF, after);
            at = after;
        }
        nfa.addEmptyEdge(at, to);
    }

    private void addWhole(Constraint constraint, int from, int to) {
        if (constraint instanceof DfaConstraint automaton) {
            nfa.addAutomaton(from, automaton.dfa(), to);
            return;
        }
        int leaf = numberOfLeaf.computeIfAbsent(constraint, added -> {
            leaves.add(added);
            return leaves.size() - 1;
        });
        nfa.addEdge(from, BYTES + leaf, BYTES + leaf, to);
    }

    private void addRepeat(Part.Repeat repeat, int from, int to) {
        int at = from;
        for (int done = 0; done < repeat.min(); done++) {
            at = addOnce(repeat.part(), at);
        }
        if (repeat.max() == Part.UNBOUNDED) {
            int loop = nfa.addState();
            nfa.addEmptyEdge(at, loop);
            add(repeat.part(), loop, loop);
            at = loop;
        } else {
            for (int done = repeat.min(); done < repeat.max(); done++) {
                nfa.addEmptyEdge(at, to);
                at = addOnce(repeat.part(), at);
            }
        }
        nfa.addEmptyEdge(at, to);
    }

    private int addOnce(Part part, int from) {
        int after = nfa.addState();
        add(part, from, after);
        return after;
    }

    private void addFreeText(Part.FreeText text, int from, int to) {
        List<byte[]> strings =
                Stream.concat(text.until().stream(), text.without().stream()).toList();
        int[] exits = new int[strings.size()];
        Arrays.fill(exits, FreeTextEdges.NOWHERE);
        Arrays.fill(exits, 0, text.until().size(), to);
        int end = text.until().isEmpty() ? to : FreeTextEdges.NOWHERE;
        new FreeTextEdges(nfa, new Search(strings, budget), text.alphabet(), exits).add(from, end);
    }

    private void addRegions(Part.Regions regions, int from, int to) {
        Search search =
                new Search(regions.regions().stream().map(Part.Region::begin).toList(), budget);
        int text = nfa.addState();
        nfa.addEmptyEdge(from, text);
        for (int done = 0; done < regions.min(); done++) {
            text = addRegion(regions, search, text, nfa.addState(), FreeTextEdges.NOWHERE);
        }
        if (regions.max() == Part.UNBOUNDED) {
            addRegion(regions, search, text, text, to);
            return;
        }
        for (int done = regions.min(); done < regions.max(); done++) {
            text = addRegion(regions, search, text, nfa.addState(), to);
        }
        int[] noExits = new int[regions.regions().size()];
        Arrays.fill(noExits, FreeTextEdges.NOWHERE);
        new FreeTextEdges(nfa, search, regions.alphabet(), noExits).add(text, to);
    }

    /** Text and one region, which leads to {@code after}; instead of the region, the end. Returns {@code after}. */
    private int addRegion(Part.Regions regions, Search search, int from, int after, int end) {
        int[] opened = new int[regions.regions().size()];
        Arrays.setAll(opened, region -> nfa.addState());
        new FreeTextEdges(nfa, search, regions.alphabet(), opened).add(from, end);
        for (int region = 0; region < opened.length; region++) {
            add(regions.regions().get(region).body(), opened[region], after);
        }
        return after;
    }
}
