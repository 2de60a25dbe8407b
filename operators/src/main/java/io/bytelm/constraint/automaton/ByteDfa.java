package io.bytelm.constraint.automaton;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.Arrays;

/**
 * The minimal deterministic automaton of a set of byte strings, in flat arrays. State 0 is the start, -1 is nowhere; every
 * other state can be completed. Equal languages give equal automata. Immutable.
 */
public final class ByteDfa {
    /** After a byte that cannot come. */
    public static final int DEAD = -1;

    private static final int BYTES = 256;

    /**
     * What a state takes beside its row: its live bytes, its distances, a reference to its table, and the position that a
     * constraint makes of it.
     */
    private static final int STATE_BYTES = 120;

    private final byte[] classOf = new byte[BYTES];
    private final int classCount;
    private final Transitions transitions;
    private final boolean[] accepting;
    private final ByteSet[] live;
    private final int[] fewest;
    private final int[] fewestAfterWorstByte;
    /** Of the states where not every byte fits. */
    private final RestTables rests;

    /** 0 until it is asked for: most automata are only steps on the way to another. */
    private long fingerprint;

    /** What is minimal and numbered as {@link CanonicalNumbering} does; the arrays are not to be changed afterwards. */
    ByteDfa(SymbolClasses symbols, Transitions transitions, boolean[] accepting, int[] fewest, CompileBudget budget) {
        budget.chargeMemory((long) STATE_BYTES * accepting.length);
        budget.tick(2L * accepting.length);
        for (int b = 0; b < BYTES; b++) {
            classOf[b] = (byte) symbols.classOf(b);
        }
        this.classCount = symbols.count();
        this.transitions = transitions;
        this.accepting = accepting;
        this.fewest = fewest;
        live = new ByteSet[accepting.length];
        fewestAfterWorstByte = new int[accepting.length];
        long[][] membersOf = classMembers();
        for (int state = 0; state < accepting.length; state++) {
            describe(state, membersOf);
        }
        if (fewest[0] < 0) {
            fewest[0] = Cursor.VERY_MANY_BYTES;
        }
        rests = new RestTables(this, budget);
    }

    private static ByteDfa ofMinimal(TransitionTable table, CompileBudget budget) {
        budget.tick(table.next().length);
        Transitions transitions = new DenseTransitions(table.next(), table.classCount());
        return new ByteDfa(table.symbols(), transitions, table.accepting(), Distances.toAccepting(table), budget);
    }

    /** Makes an automaton deterministic and minimal. */
    public static ByteDfa of(Nfa nfa, CompileBudget budget) {
        return ofMinimal(TransitionTable.of(nfa, budget), budget);
    }

    /** What a table accepts that reads bytes alone. */
    public static ByteDfa ofBytes(TransitionTable table, CompileBudget budget) {
        return ofTable(table, budget);
    }

    /** Makes an automaton minimal; all states of the table can be reached. */
    static ByteDfa ofTable(TransitionTable table, CompileBudget budget) {
        return ofMinimal(Minimizer.minimize(table, budget), budget);
    }

    /** {@code [classes][4]} the bytes of each class, as 256 bits. */
    long[][] classMembers() {
        long[][] words = new long[classCount][4];
        for (int b = 0; b < BYTES; b++) {
            words[classOf[b] & 0xFF][b >> 6] |= 1L << b;
        }
        return words;
    }

    private void describe(int state, long[][] membersOf) {
        long[] bytes = new long[4];
        int worst = 0;
        for (int c = transitions.nextClass(state, 0); c >= 0; c = transitions.nextClass(state, c + 1)) {
            for (int word = 0; word < bytes.length; word++) {
                bytes[word] |= membersOf[c][word];
            }
            worst = Math.max(worst, fewest[transitions.next(state, c)]);
        }
        live[state] = ByteSet.ofWords(bytes);
        fewestAfterWorstByte[state] = worst;
    }

    public int stateCount() {
        return accepting.length;
    }

    /** True if no byte string is accepted. */
    public boolean isEmpty() {
        return !accepting[0] && live[0].isEmpty();
    }

    /** The state after one more byte (0 to 255), or {@link #DEAD}. */
    public int next(int state, int nextByte) {
        return transitions.next(state, classOf[nextByte] & 0xFF);
    }

    public boolean accepting(int state) {
        return accepting[state];
    }

    /** The bytes that lead from here to an accepting state. */
    public ByteSet live(int state) {
        return live[state];
    }

    /** As {@link Cursor#live(int)}. */
    public ByteSet live(int state, int bytesLeft) {
        if (fewestAfterWorstByte[state] < bytesLeft) {
            return live[state];
        }
        return bytesLeft <= 0 ? ByteSet.NONE : rests.within(state, bytesLeft);
    }

    /** Adds {@link #live(int, int)} to 256 bits as those of {@link ByteSet#ofWords}. */
    public void addLive(int state, int bytesLeft, long[] words) {
        live(state, bytesLeft).addTo(words);
    }

    /** The fewest bytes from here to an accepting state; {@link Cursor#VERY_MANY_BYTES} if the language is empty. */
    public int fewestBytesToAccept(int state) {
        return fewest[state];
    }

    /** The fewest bytes that may be left to come after the least favourable live byte; 0 if no byte is live. */
    public int fewestBytesAfterWorstByte(int state) {
        return fewestAfterWorstByte[state];
    }

    /** The state after all of these bytes, or {@link #DEAD}. */
    public int run(int state, byte[] bytes) {
        int at = state;
        for (int i = 0; i < bytes.length && at >= 0; i++) {
            at = next(at, bytes[i] & 0xFF);
        }
        return at;
    }

    public boolean accepts(byte[] bytes) {
        int state = run(0, bytes);
        return state >= 0 && accepting[state];
    }

    /** Equal for equal languages. */
    public long fingerprint() {
        long known = fingerprint; // a race computes it twice at worst
        if (known == 0) {
            known = computeFingerprint();
            fingerprint = known;
        }
        return known;
    }

    private long computeFingerprint() {
        Fingerprint computed = new Fingerprint();
        for (byte c : classOf) {
            computed.add(c);
        }
        for (int state = 0; state < accepting.length; state++) {
            computed.add(accepting[state] ? 1 : 0);
        }
        for (int state = 0; state < accepting.length; state++) {
            for (int c = 0; c < classCount; c++) {
                computed.add(transitions.next(state, c));
            }
        }
        return computed.value();
    }

    /** Bytes of one class lead to the same state from everywhere. */
    int classOf(int b) {
        return classOf[b] & 0xFF;
    }

    int classCount() {
        return classCount;
    }

    /** As {@link #next}, by a class of bytes. */
    int nextByClass(int state, int symbolClass) {
        return transitions.next(state, symbolClass);
    }

    /** Whether both accept the same byte strings. */
    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof ByteDfa that
                        && Arrays.equals(classOf, that.classOf)
                        && Arrays.equals(accepting, that.accepting)
                        && leadsAlike(that);
    }

    private boolean leadsAlike(ByteDfa that) {
        for (int state = 0; state < accepting.length; state++) {
            for (int c = 0; c < classCount; c++) {
                if (transitions.next(state, c) != that.transitions.next(state, c)) {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(fingerprint());
    }
}
