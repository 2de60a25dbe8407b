package io.bytelm.constraint.json;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.CodePointEncoding;
import io.bytelm.constraint.automaton.CodePointSet;
import io.bytelm.constraint.automaton.IntList;
import io.bytelm.constraint.automaton.Nfa;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The strings of an automaton, each character in other forms: the states between two characters stay, and what leads from one to
 * another is read as a set of code points and written anew. Used by one thread.
 */
final class Respelling {
    private static final String SHORT_ESCAPES = "\"\"\\\\b\bf\fn\nr\rt\t";
    private static final int STATE_BYTES = 100;
    private static final int BITS = 6;
    private static final int HEX_DIGITS = 4;

    private final ByteDfa minimal;
    private final CodePointEncoding forms;
    private final CompileBudget budget;
    private final Nfa nfa;
    private final Map<Integer, Integer> numbers = new HashMap<>();
    private final Deque<Integer> open = new ArrayDeque<>();
    private final Map<Long, int[]> continuations = new HashMap<>();

    private Respelling(ByteDfa minimal, CodePointEncoding forms, CompileBudget budget) {
        this.minimal = minimal;
        this.forms = forms;
        this.budget = budget;
        this.nfa = new Nfa(budget);
    }

    static ByteDfa of(ByteDfa minimal, CodePointEncoding forms, CompileBudget budget) {
        Respelling respelling = new Respelling(minimal, forms, budget);
        respelling.build();
        return ByteDfa.of(respelling.nfa, budget);
    }

    private void build() {
        nfa.addEmptyEdge(nfa.start(), number(0));
        while (!open.isEmpty()) {
            int state = open.remove();
            int from = number(state);
            if (minimal.accepting(state)) {
                nfa.addEmptyEdge(from, nfa.end());
            }
            charactersFrom(state)
                    .forEach((target, bounds) ->
                            forms.addEdges(nfa, from, CodePointSet.ofBounds(bounds.toArray()), number(target)));
        }
    }

    private int number(int state) {
        Integer known = numbers.get(state);
        if (known != null) {
            return known;
        }
        budget.chargeMemory(STATE_BYTES);
        int number = nfa.addState();
        numbers.put(state, number);
        open.add(state);
        return number;
    }

    /** The characters that lead from a state between two characters to another: bounds of ranges by target. */
    private Map<Integer, IntList> charactersFrom(int state) {
        Map<Integer, IntList> characters = new LinkedHashMap<>();
        ByteSet live = minimal.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            int next = minimal.next(state, b);
            if (b == '\\') {
                addEscapes(next, characters);
            } else if (b < 0x80) {
                add(b, b, next, characters);
            } else {
                int more = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
                int first = (b & (0x3F >> more)) << (BITS * more);
                int[] ranges = continuations(next, more);
                for (int i = 0; i < ranges.length; i += 3) {
                    add(first + ranges[i], first + ranges[i + 1], ranges[i + 2], characters);
                }
            }
        }
        return characters;
    }

    private void add(int first, int last, int target, Map<Integer, IntList> characters) {
        budget.tick();
        IntList bounds = characters.computeIfAbsent(target, t -> new IntList());
        bounds.add(first);
        bounds.add(last);
    }

    private void addEscapes(int afterBackslash, Map<Integer, IntList> characters) {
        for (int i = 0; i < SHORT_ESCAPES.length(); i += 2) {
            int next = minimal.next(afterBackslash, SHORT_ESCAPES.charAt(i));
            if (next >= 0) {
                add(SHORT_ESCAPES.charAt(i + 1), SHORT_ESCAPES.charAt(i + 1), next, characters);
            }
        }
        int digits = minimal.next(afterBackslash, 'u');
        if (digits >= 0) {
            addHex(digits, HEX_DIGITS, 0, characters);
        }
    }

    private void addHex(int state, int left, int value, Map<Integer, IntList> characters) {
        if (left == 0) {
            add(value, value, state, characters);
            return;
        }
        ByteSet live = minimal.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            addHex(minimal.next(state, b), left - 1, 16 * value + Character.digit(b, 16), characters);
        }
    }

    /** The rest of a character of so many bytes: first, last and target of ranges, ascending. */
    private int[] continuations(int state, int bytes) {
        if (bytes == 0) {
            return new int[] {0, 0, state};
        }
        long key = (long) state << 2 | bytes;
        int[] known = continuations.get(key);
        if (known == null) {
            known = computeContinuations(state, bytes);
            budget.tick(known.length);
            budget.chargeMemory(STATE_BYTES + 4L * known.length);
            continuations.put(key, known);
        }
        return known;
    }

    private int[] computeContinuations(int state, int bytes) {
        IntList ranges = new IntList();
        ByteSet live = minimal.live(state);
        for (int b = live.nextMember(0); b >= 0; b = live.nextMember(b + 1)) {
            int offset = (b & 0x3F) << (BITS * (bytes - 1));
            int[] inner = continuations(minimal.next(state, b), bytes - 1);
            budget.tick(inner.length);
            for (int i = 0; i < inner.length; i += 3) {
                int top = ranges.size() - 1;
                if (top > 0 && ranges.get(top) == inner[i + 2] && ranges.get(top - 1) == offset + inner[i] - 1) {
                    ranges.set(top - 1, offset + inner[i + 1]);
                } else {
                    ranges.add(offset + inner[i]);
                    ranges.add(offset + inner[i + 1]);
                    ranges.add(inner[i + 2]);
                }
            }
        }
        return ranges.toArray();
    }
}
