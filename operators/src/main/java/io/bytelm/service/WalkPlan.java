package io.bytelm.service;

import io.bytelm.dist.Symbols;
import io.bytelm.trie.TokenByteTrie;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A walk along one path for a row that is elsewhere: which segments of the row have to be summed, and what the answer is
 * once they are. Every segment lies below one node that the answer speaks of, or holds one token. Immutable; any thread.
 */
final class WalkPlan {
    private final TokenByteTrie trie;
    private final HiddenTokens hidden;
    private final int[] nodes;
    private final int rowsFrom;
    private final int[] bounds;

    /** The plan for a request of these tokens. */
    WalkPlan(TokenByteTrie trie, byte[] path, int rowsFrom, HiddenTokens hidden) {
        this.trie = trie;
        this.hidden = hidden;
        this.nodes = PathNodes.along(trie, path);
        this.rowsFrom = rowsFrom;
        this.bounds = boundsOfSegments();
    }

    /** {@code [segments + 1]}: from 0 to the number of columns, ascending, none twice. */
    int[] bounds() {
        return bounds;
    }

    private int[] boundsOfSegments() {
        IntStream.Builder all = IntStream.builder();
        all.add(0);
        all.add(trie.vocabulary().size());
        for (int depth = 0; depth < nodes.length; depth++) {
            addNode(all, nodes[depth], depth);
        }
        for (int position : hidden.positions()) {
            all.add(position);
            all.add(position + 1);
        }
        return all.build().sorted().distinct().toArray();
    }

    private void addNode(IntStream.Builder all, int node, int depth) {
        all.add(trie.first(node));
        all.add(trie.end(node));
        all.add(trie.endsEnd(node));
        if (depth > 0) {
            IntStream.range(trie.first(node), trie.endsEnd(node)).forEach(all::add);
        }
        if (depth >= rowsFrom) {
            for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
                all.add(trie.first(child));
                all.add(trie.end(child));
            }
        }
    }

    /**
     * The answer.
     *
     * @param sums {@code [segments]}
     * @throws io.bytelm.lm.ModelException if the row holds no probabilities
     */
    Expansion fold(double[] sums) {
        SegmentSums segments = new SegmentSums(bounds, sums, hidden);
        double total = EvaluatedRow.checkedTotal(segments.total()); // on the device it costs nothing
        int depth = nodes.length - 1;
        double[] mass = new double[depth + 1];
        int[][] endTokens = new int[depth + 1][];
        double[][] endMass = new double[depth + 1][];
        double[][] rows = new double[depth + 1][];
        for (int d = depth; d >= 0; d--) {
            int next = d == depth ? TokenByteTrie.NONE : nodes[d + 1];
            double below = d == depth ? 0 : mass[d + 1];
            if (d >= rowsFrom) {
                rows[d] = row(segments, nodes[d], next, below);
            }
            mass[d] = d == 0 ? total : massAt(segments, nodes[d], next, below);
            endTokens[d] = d == 0 ? new int[0] : endTokens(segments, nodes[d]);
            endMass[d] = Arrays.stream(endTokens[d])
                    .mapToDouble(token -> segments.at(trie.position(token)))
                    .toArray();
        }
        return Expansion.ofMasses(mass, endTokens, endMass, segments.eosSum(), rows);
    }

    private double massAt(SegmentSums segments, int node, int next, double below) {
        if (next == TokenByteTrie.NONE) {
            return segments.between(trie.first(node), trie.end(node));
        }
        return segments.between(trie.first(node), trie.first(next))
                + below
                + segments.between(trie.end(next), trie.end(node));
    }

    private double[] row(SegmentSums segments, int node, int next, double below) {
        double[] row = new double[Symbols.COUNT];
        for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
            row[trie.edgeByte(child)] = child == next ? below : segments.between(trie.first(child), trie.end(child));
        }
        row[Symbols.EOT] = segments.between(trie.first(node), trie.endsEnd(node));
        if (node == trie.root()) {
            row[Symbols.EOS] = segments.eosSum();
        }
        return row;
    }

    /** The tokens that end at a node: the one with the most mass first, then by id. */
    private int[] endTokens(SegmentSums segments, int node) {
        return PathNodes.endTokens(trie, node, segments::at);
    }
}
