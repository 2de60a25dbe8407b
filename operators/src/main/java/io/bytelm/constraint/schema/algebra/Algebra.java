package io.bytelm.constraint.schema.algebra;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.schema.algebra.Node.Kind;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the nodes of one compilation, each once, and evaluates each once. Used by one thread. */
public final class Algebra {
    private record Key(
            Kind kind, List<Node> operands, @Nullable Leaf leaf) {}

    /** How many nodes may be evaluated one inside the other, so that the stack holds them. */
    private static final int MAX_DEPTH = 400;

    private static final int STEPS_PER_OPERAND = 20;
    private static final int STEPS_PER_VALUE = 20;
    private static final int NODE_BYTES = 160;
    private static final int VALUE_BYTES = 64;

    private final CompileBudget budget;
    private final Map<Key, Node> nodes = new HashMap<>();
    private final Map<Node, ValueSet> values = new HashMap<>();
    private final Set<Node> beingEvaluated = new HashSet<>();
    private final Emptiness emptiness = new Emptiness(this);
    private final Node nothing;
    private final Node anything;

    public Algebra(CompileBudget budget) {
        this.budget = budget;
        this.nothing = intern(Kind.NOTHING, List.of(), null);
        this.anything = intern(Kind.ANYTHING, List.of(), null);
    }

    public CompileBudget budget() {
        return budget;
    }

    public Node nothing() {
        return nothing;
    }

    public Node anything() {
        return anything;
    }

    public Node leaf(Leaf leaf) {
        return intern(Kind.LEAF, List.of(), leaf);
    }

    public Node not(Node node) {
        return switch (node.kind()) {
            case NOTHING -> anything;
            case ANYTHING -> nothing;
            case LEAF -> intern(Kind.NOT, List.of(node), null);
            case NOT -> node.operands().get(0);
            case AND -> or(node.operands().stream().map(this::not).toList());
            case OR -> and(node.operands().stream().map(this::not).toList());
        };
    }

    public Node and(Node... operands) {
        return and(Arrays.asList(operands));
    }

    public Node and(Collection<Node> operands) {
        return combine(Kind.AND, operands, anything, nothing);
    }

    public Node or(Node... operands) {
        return or(Arrays.asList(operands));
    }

    public Node or(Collection<Node> operands) {
        return combine(Kind.OR, operands, nothing, anything);
    }

    private Node combine(Kind kind, Collection<Node> operands, Node neutral, Node absorbing) {
        long parts = operands.stream()
                .mapToLong(o -> o.kind() == kind ? o.operands().size() : 1)
                .sum();
        budget.tick(STEPS_PER_OPERAND * parts);
        Map<Integer, Node> distinct = new TreeMap<>();
        for (Node operand : operands) {
            if (operand.kind() == kind) {
                operand.operands().forEach(o -> distinct.put(o.id(), o));
            } else if (operand != neutral) {
                distinct.put(operand.id(), operand);
            }
        }
        if (distinct.containsKey(absorbing.id())
                || distinct.values().stream()
                        .anyMatch(o -> distinct.containsKey(not(o).id()) && o.kind() == Kind.NOT)) {
            return absorbing;
        }
        return switch (distinct.size()) {
            case 0 -> neutral;
            case 1 -> distinct.values().iterator().next();
            default -> intern(kind, List.copyOf(distinct.values()), null);
        };
    }

    private Node intern(Kind kind, List<Node> operands, @Nullable Leaf leaf) {
        budget.tick();
        return nodes.computeIfAbsent(new Key(kind, operands, leaf), key -> {
            budget.chargeMemory(NODE_BYTES + 8L * operands.size());
            return new Node(nodes.size(), kind, operands, leaf);
        });
    }

    /**
     * The values of a node, computed at the first call.
     *
     * @throws ConstraintException if the node is defined by itself, with no value in between
     */
    public ValueSet valuesOf(Node node) {
        ValueSet known = values.get(node);
        if (known != null) {
            return known;
        }
        if (!beingEvaluated.add(node)) {
            throw new ConstraintException(Reason.UNSUPPORTED, node + " refers to itself with nothing in between");
        }
        if (beingEvaluated.size() > MAX_DEPTH) {
            throw new ConstraintException(
                    Reason.TOO_DEEP, "more than " + MAX_DEPTH + " schemas apply to one value by way of each other");
        }
        budget.tick(STEPS_PER_VALUE);
        budget.chargeMemory(VALUE_BYTES);
        ValueSet evaluated = evaluate(node);
        beingEvaluated.remove(node);
        values.put(node, evaluated);
        return evaluated;
    }

    private ValueSet evaluate(Node node) {
        Leaf leaf = node.leaf();
        return switch (node.kind()) {
            case NOTHING -> ValueSet.NOTHING;
            case ANYTHING -> ValueSet.anything(this);
            case LEAF -> java.util.Objects.requireNonNull(leaf).evaluate(this);
            case NOT -> valuesOf(node.operands().get(0)).complement(this);
            case AND -> {
                ValueSet all = valuesOf(node.operands().get(0));
                for (Node operand : node.operands().subList(1, node.operands().size())) {
                    all = all.and(valuesOf(operand), this);
                }
                yield all;
            }
            case OR ->
                ValueSet.anyOf(node.operands().stream().map(this::valuesOf).toList(), this);
        };
    }

    /** Those values of a set that are also in a node. */
    public ValueSet and(ValueSet set, Node node) {
        return set.and(valuesOf(node), this);
    }

    /** True only if no value is in the set; false also if that is not found out. */
    public boolean isSurelyNothing(Node node) {
        return emptiness.isSurelyNothing(node);
    }

    /** What tells the values of a node apart from others. */
    public Discriminators discriminators(Node node) {
        return emptiness.discriminators(node);
    }

    boolean isBeingEvaluated(Node node) {
        return beingEvaluated.contains(node);
    }
}
