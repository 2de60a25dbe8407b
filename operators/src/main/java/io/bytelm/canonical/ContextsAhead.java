package io.bytelm.canonical;

import io.bytelm.dist.LogSpace;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.lm.canonical.Heads;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of all ways along known bytes, and what is known of them. Used by one thread.
 */
final class ContextsAhead {
    private final CanonicalTree tree;
    private final boolean rows;
    private final double logShare;
    /** Each after the one that it grew from. */
    private final Map<TokenContext, Node> nodes = new LinkedHashMap<>();

    private final List<Heads> ways = new ArrayList<>();
    private final List<List<Reading>> places = new ArrayList<>();

    /** A context after which a token is open at some of the bytes. */
    static final class Node {
        private final TokenContext context;
        private final long at;
        private final @Nullable Node parent;
        private double logWeight;
        private @Nullable Masses masses;
        private boolean lacks;

        /** The context that has to be evaluated before this one, or this one. */
        private Node firstDue = this;

        private Node(Opening opening, @Nullable Node parent) {
            this.context = opening.context();
            this.at = opening.at();
            this.parent = parent;
            this.logWeight = opening.logWeight();
            this.masses = opening.masses();
        }

        TokenContext context() {
            return context;
        }

        /** How many bytes of the text its tokens are. */
        long at() {
            return at;
        }

        void tell(Masses told) {
            masses = told;
            lacks = false;
        }

        private boolean isWeighed() {
            return !Double.isNaN(logWeight);
        }

        /** After the one that it grew from. */
        private void weigh() {
            if (isWeighed() || parent == null) {
                return;
            }
            int length = (int) (at - parent.at);
            if (parent.masses != null && parent.isWeighed() && parent.masses.cover(length)) {
                logWeight = parent.logWeight + parent.masses.logMass(length, context.lastToken());
                firstDue = this;
            } else {
                firstDue = parent.firstDue;
            }
        }
    }

    /** A head, after one of the bytes. */
    private record Reading(Node node, int open) {}

    private ContextsAhead(CanonicalTree tree, boolean rows) {
        this.tree = tree;
        this.rows = rows;
        this.logShare = Math.log(tree.params().defer());
    }

    /** Follows the rules to the stretch's end, or to where no canonical text goes on. */
    static ContextsAhead along(CanonicalTree tree, KnownStretch stretch) {
        ContextsAhead contexts = new ContextsAhead(tree, stretch.rows());
        Heads heads = tree.heads();
        contexts.ways.add(heads);
        for (int at = stretch.from(); at < stretch.to() && !heads.heads().isEmpty(); at++) {
            heads = heads.read(stretch.bytes()[at] & 0xFF);
            contexts.ways.add(heads);
            if (!heads.heads().isEmpty()) {
                contexts.addPlace(heads.heads(), tree.length() + at + 1 - stretch.from());
            }
        }
        return contexts;
    }

    /** The heads before the first byte, and after each that was followed. */
    List<Heads> ways() {
        return ways;
    }

    private void addPlace(List<Head> heads, long length) {
        List<Reading> place = new ArrayList<>(heads.size());
        for (Head head : heads) {
            if (rows || !head.isClosed()) {
                Node node = node(head.context(), length - head.open());
                node.lacks |= lacks(node, head.open());
                place.add(new Reading(node, head.open()));
            }
        }
        places.add(place);
    }

    private boolean lacks(Node node, int open) {
        Masses masses = node.masses;
        return masses == null || !masses.cover(open) || (rows && !masses.haveRow(open));
    }

    private Node node(TokenContext context, long at) {
        Node known = nodes.get(context);
        if (known != null) {
            return known;
        }
        Opening read = tree.openings().byContext().get(context);
        Opening opening = read == null ? Opening.waiting(context, at, Objects.requireNonNull(context.parent())) : read;
        TokenContext before = opening.parent();
        Node parent = before == null ? null : node(before, at - tokenBytes(context));
        Node node = new Node(opening, parent);
        node.lacks = opening.masses() == null;
        nodes.put(context, node);
        return node;
    }

    private int tokenBytes(TokenContext context) {
        return tree.heads().rules().vocabulary().bytes(context.lastToken()).length;
    }

    /** All that have to be asked about where nothing is deferred, each after the one that it grew from. */
    List<Node> lacking() {
        return lackingOf(nodes.values());
    }

    /** Where some may be deferred, what all ways to the last byte go through, what the tree has lost, and what is due. */
    List<Node> neededFirst() {
        Map<Node, Integer> waysThrough = new HashMap<>();
        List<Reading> end = places.isEmpty() ? List.of() : places.get(places.size() - 1);
        int ways = 0;
        for (Reading way : end) {
            if (way.open > 0) {
                ways++;
                for (Node at = way.node; at != null; at = at.parent) {
                    waysThrough.merge(at, 1, Integer::sum);
                }
            }
        }
        int all = ways;
        Set<Node> due = new HashSet<>(due());
        return lacking().stream()
                .filter(node -> node.masses != null
                        || (all > 0 && waysThrough.getOrDefault(node, 0) == all)
                        || due.contains(node))
                .toList();
    }

    /** Those that hold more than the share at some byte, as far as is known. */
    List<Node> due() {
        nodes.values().forEach(Node::weigh);
        Set<Node> due = new LinkedHashSet<>();
        places.forEach(place -> addDue(place, due));
        return lackingOf(due);
    }

    private void addDue(List<Reading> place, Set<Node> due) {
        List<Node> deferred = new ArrayList<>(place.size());
        List<Node> expected = new ArrayList<>(place.size());
        double logUpper = Double.NEGATIVE_INFINITY;
        for (Reading reading : place) {
            Masses masses = reading.node.masses;
            if (masses == null) {
                Node first = reading.node.firstDue;
                expected.add(first);
                if (reading.open > 0 && !deferred.contains(first)) {
                    deferred.add(first);
                    logUpper = LogSpace.logAdd(logUpper, first.logWeight);
                }
            } else if (!masses.cover(reading.open)) {
                return; // what it holds is asked about first, and may leave the others little
            } else if (reading.open > 0) {
                logUpper = LogSpace.logAdd(logUpper, reading.node.logWeight + masses.logMass(reading.open));
            }
        }
        for (Node first : expected) {
            if (first.logWeight > logShare + logUpper) {
                due.add(first);
            }
        }
    }

    private static List<Node> lackingOf(Collection<Node> some) {
        return some.stream().filter(node -> node.lacks).toList();
    }
}
