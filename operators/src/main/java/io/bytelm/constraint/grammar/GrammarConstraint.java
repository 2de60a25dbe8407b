package io.bytelm.constraint.grammar;

import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;

/** A grammar that needs a stack. */
final class GrammarConstraint implements Constraint {
    private final RuleNetwork network;
    private final Cursor start;

    GrammarConstraint(RuleNetwork network) {
        this.network = network;
        Closure closure = new Closure(network);
        closure.add(0, StackNode.bottom());
        this.start = closure.close(this);
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
        return network.fingerprint();
    }
}
