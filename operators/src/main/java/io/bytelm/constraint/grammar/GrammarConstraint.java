package io.bytelm.constraint.grammar;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import java.util.List;

/** A grammar that needs a stack. */
final class GrammarConstraint implements Constraint {
    /** Positions of version 1 may lack analyses: the bytes that led to them are read again. */
    private static final int POSITIONS_VERSION = 2;

    private final RuleNetwork network;
    private final Cursor start;

    GrammarConstraint(RuleNetwork network) {
        this.network = network;
        Closure closure = new Closure(network, List.of(), 0);
        closure.add(0, StackNode.bottom());
        this.start = closure.close(this, 0);
    }

    RuleNetwork network() {
        return network;
    }

    @Override
    public Cursor start() {
        return start;
    }

    @Override
    public Cursor restore(byte[] saved) {
        return SavedStack.read(this, saved);
    }

    @Override
    public long fingerprint() {
        return new Fingerprint()
                .add(POSITIONS_VERSION)
                .add(network.fingerprint())
                .value();
    }
}
