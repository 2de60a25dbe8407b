package io.bytelm.constraint.schema;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.network.Network;
import io.bytelm.constraint.schema.network.ValueProgram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Turns nodes into a network: finds the nodes that can be reached, then the shortest value of each (Bellman 1958, Ford
 * 1956), and keeps what has one. Used by one thread.
 */
final class NetworkBuilder {
    private static final int NODE_BYTES = 64;

    private final Algebra algebra;
    private final SchemaOptions options;
    private final SharedPrograms shared;
    private final Map<Node, Integer> indices = new HashMap<>();
    private final List<ValueDraft> drafts = new ArrayList<>();
    private final List<Node> nodes = new ArrayList<>();
    private int distinctArrays;

    NetworkBuilder(Algebra algebra, SchemaOptions options) {
        this.algebra = algebra;
        this.options = options;
        this.shared = new SharedPrograms(algebra.budget(), options);
    }

    /** @throws ConstraintException if no value satisfies the node */
    Network build(Node root) {
        index(root);
        for (int i = 0; i < nodes.size(); i++) {
            drafts.add(draft(nodes.get(i)));
        }
        int[] fewest = fewestBytes();
        if (fewest[0] >= Cursor.VERY_MANY_BYTES) {
            throw ConstraintException.at(Reason.UNSATISFIABLE, "#", "no JSON value satisfies the schema");
        }
        int[] numbers = new int[fewest.length];
        int count = 0;
        for (int i = 0; i < fewest.length; i++) {
            numbers[i] = fewest[i] < Cursor.VERY_MANY_BYTES ? count++ : -1;
        }
        List<ValueProgram> programs = new ArrayList<>();
        for (int i = 0; i < fewest.length; i++) {
            if (numbers[i] >= 0) {
                algebra.budget().tick(drafts.get(i).weight());
                programs.add(drafts.get(i).program(numbers, fewest, options.schemaOrder(), algebra.budget()));
            }
        }
        return new Network(List.copyOf(programs), 0, options.whitespace(), options.separators());
    }

    private ValueDraft draft(Node node) {
        try {
            return ValueDraft.of(algebra.valuesOf(node), this);
        } catch (ConstraintException e) {
            String place = node.place();
            throw e.place() != null
                    ? e
                    : ConstraintException.at(e.reason(), place == null ? "#" : place, String.valueOf(e.getMessage()));
        }
    }

    Algebra algebra() {
        return algebra;
    }

    /** Counts the arrays of which no two items are equal. */
    int nextDistinct() {
        return distinctArrays++;
    }

    SchemaOptions options() {
        return options;
    }

    SharedPrograms shared() {
        return shared;
    }

    /** The index of a node, which will have a draft. */
    int index(Node node) {
        Integer known = indices.putIfAbsent(node, nodes.size());
        if (known != null) {
            return known;
        }
        algebra.budget().chargeMemory(NODE_BYTES);
        nodes.add(node);
        return nodes.size() - 1;
    }

    private int[] fewestBytes() {
        int[] fewest = new int[drafts.size()];
        Arrays.fill(fewest, Cursor.VERY_MANY_BYTES);
        for (boolean changed = true; changed; ) {
            changed = false;
            for (int i = fewest.length - 1; i >= 0; i--) {
                algebra.budget().tick(drafts.get(i).weight());
                int now = drafts.get(i).fewestBytes(fewest, algebra.budget());
                changed |= now < fewest[i];
                fewest[i] = Math.min(now, fewest[i]);
            }
        }
        return fewest;
    }
}
