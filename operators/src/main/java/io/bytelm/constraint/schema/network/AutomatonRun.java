package io.bytelm.constraint.schema.network;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.automaton.ByteDfa;
import org.jspecify.annotations.Nullable;

/** A number or literal. */
final class AutomatonRun extends ScalarRun {
    private final int program;
    private final ByteDfa dfa;
    private final int state;

    /** @param program its index among the scalars of the value, to write it down */
    AutomatonRun(int slot, int program, ByteDfa dfa, int state) {
        super(slot);
        this.program = program;
        this.dfa = dfa;
        this.state = state;
    }

    @Override
    @Nullable
    ScalarRun step(int nextByte) {
        int next = dfa.next(state, nextByte);
        return next < 0 ? null : new AutomatonRun(slot, program, dfa, next);
    }

    @Override
    ByteSet live() {
        return dfa.live(state);
    }

    @Override
    void addLive(int bytesLeft, long[] words) {
        dfa.addLive(state, bytesLeft, words);
    }

    @Override
    boolean accepting() {
        return dfa.accepting(state);
    }

    @Override
    boolean finished() {
        return dfa.accepting(state) && dfa.live(state).isEmpty();
    }

    @Override
    int fewestBytesToAccept() {
        return dfa.fewestBytesToAccept(state);
    }

    @Override
    void writeTo(PositionWriter out) {
        out.number(slot);
        out.number(program);
        out.number(state);
    }
}
