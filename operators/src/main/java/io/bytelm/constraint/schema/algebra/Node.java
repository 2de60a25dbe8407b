package io.bytelm.constraint.schema.algebra;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A set of JSON values, by name. Equal nodes of one {@link Algebra} are the same object. Immutable. */
public final class Node {
    enum Kind {
        NOTHING,
        ANYTHING,
        /** What one place of a schema allows. */
        LEAF,
        /** What a place of a schema does not allow. */
        NOT,
        AND,
        OR
    }

    private final int id;
    private final Kind kind;
    private final List<Node> operands;
    private final @Nullable Leaf leaf;

    Node(int id, Kind kind, List<Node> operands, @Nullable Leaf leaf) {
        this.id = id;
        this.kind = kind;
        this.operands = List.copyOf(operands);
        this.leaf = leaf;
    }

    /** Counted from 0 within one algebra. */
    public int id() {
        return id;
    }

    Kind kind() {
        return kind;
    }

    List<Node> operands() {
        return operands;
    }

    @Nullable
    Leaf leaf() {
        return leaf;
    }

    /** Where the first of its parts is written that has a place, as a JSON pointer; null if none has. */
    public @Nullable String place() {
        String place = leaf == null ? null : leaf.place();
        for (int i = 0; place == null && i < operands.size(); i++) {
            place = operands.get(i).place();
        }
        return place;
    }

    /** Whether one of the parts that all hold lists its values: then they are soon known. */
    boolean isWrittenOut() {
        return leaf == null ? kind == Kind.AND && operands.stream().anyMatch(Node::isWrittenOut) : leaf.isWrittenOut();
    }

    /** Whether it is all that some node does not hold. */
    public boolean isComplement() {
        return kind == Kind.NOT;
    }

    public boolean isNothing() {
        return kind == Kind.NOTHING;
    }

    public boolean isAnything() {
        return kind == Kind.ANYTHING;
    }

    @Override
    public String toString() {
        return kind + (leaf == null ? operands.toString() : " " + leaf);
    }
}
