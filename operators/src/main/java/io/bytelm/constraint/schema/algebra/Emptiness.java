package io.bytelm.constraint.schema.algebra;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks for proofs that nodes are empty; goes a few levels deep and gives up at recursion. */
final class Emptiness {
    private static final int MAX_DEPTH = 6;
    private static final int STEPS_PER_NODE = 4;

    private final Algebra algebra;
    private final Map<Node, Boolean> proved = new HashMap<>();
    private int depth;

    Emptiness(Algebra algebra) {
        this.algebra = algebra;
    }

    boolean isSurelyNothing(Node node) {
        if (node.isNothing()) {
            return true;
        }
        if (node.isAnything() || depth == MAX_DEPTH || dependsOnEvaluation(node)) {
            return false;
        }
        Boolean known = proved.get(node);
        if (known != null) {
            return known;
        }
        depth++;
        boolean empty = isSurelyNothing(algebra.valuesOf(node));
        depth--;
        if (empty || depth == 0) {
            proved.put(node, empty);
        }
        return empty;
    }

    /** See {@link Discriminators}; none where they are not found out. */
    Discriminators discriminators(Node node) {
        ValueSet values = valuesIfKnown(node);
        if (values == null) {
            return Discriminators.NONE;
        }
        depth++;
        Discriminators found = Discriminators.of(values, this);
        depth--;
        return found;
    }

    /** The values of a node; null if finding them would go too deep, or come back to what is being evaluated. */
    @Nullable
    ValueSet valuesIfKnown(Node node) {
        if (depth == MAX_DEPTH || dependsOnEvaluation(node)) {
            return null;
        }
        depth++;
        ValueSet values = algebra.valuesOf(node);
        depth--;
        return values;
    }

    private boolean dependsOnEvaluation(Node node) {
        algebra.budget().tick(STEPS_PER_NODE);
        return algebra.isBeingEvaluated(node) || node.operands().stream().anyMatch(this::dependsOnEvaluation);
    }

    private boolean isSurelyNothing(ValueSet set) {
        return set.literals() == 0
                && set.numbers().isEmpty()
                && set.strings().isEmpty()
                && set.arrays().stream().allMatch(this::isSurelyNothing)
                && set.objects().stream().allMatch(this::isSurelyNothing);
    }

    private boolean isSurelyNothing(ArrayShape shape) {
        algebra.budget().tick(shape.weight());
        for (int i = 0; i < shape.min() && i <= shape.prefix().size(); i++) {
            if (isSurelyNothing(shape.item(i))) {
                return true;
            }
        }
        return shape.min() > shape.max();
    }

    private boolean isSurelyNothing(ObjectShape shape) {
        algebra.budget().tick(STEPS_PER_NODE * shape.weight());
        return shape.min() > shape.max()
                || shape.required().size() > shape.max()
                || shape.required().stream().anyMatch(name -> isSurelyNothing(shape.valueOf(name)));
    }
}
