package io.bytelm.service;

import io.bytelm.trie.SubtreeWeights;
import io.bytelm.trie.TokenByteTrie;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;

/** Finds the heaviest nodes below one, the heaviest first: each step takes the heaviest of those whose parents were taken. */
final class WalkAhead {
    /** A way with less than this share of the mass at its beginning is seldom gone. */
    private static final double LEAST_SHARE = 1.0 / 512;

    private final TokenByteTrie trie;
    private final SubtreeWeights weights;
    private final Queue<Way> next =
            new PriorityQueue<>(Comparator.comparingDouble(Way::mass).reversed().thenComparingInt(Way::node));

    /** @param parent the number of the way that it goes on from */
    private record Way(int parent, int node, double mass) {}

    WalkAhead(TokenByteTrie trie, SubtreeWeights weights) {
        this.trie = trie;
        this.weights = weights;
    }

    /**
     * @param node neither the root nor an atomic node
     * @param most how many at most
     */
    MassesAhead below(int node, int most) {
        addChildren(MassesAhead.PATH_END, node);
        double least = LEAST_SHARE * weights.sum(node);
        List<Way> taken = new ArrayList<>();
        for (Way way = next.poll(); way != null && way.mass() > least && taken.size() < most; way = next.poll()) {
            addChildren(taken.size(), way.node());
            taken.add(way);
        }
        return massesOf(taken);
    }

    private void addChildren(int number, int node) {
        for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
            next.add(new Way(number, child, weights.sum(child)));
        }
    }

    private MassesAhead massesOf(List<Way> ways) {
        int count = ways.size();
        MassesAhead ahead = new MassesAhead(
                new int[count], new byte[count], new double[count], new int[count][], new double[count][]);
        for (int i = 0; i < count; i++) {
            Way way = ways.get(i);
            ahead.parents()[i] = way.parent();
            ahead.bytes()[i] = (byte) trie.edgeByte(way.node());
            ahead.logMass()[i] = Math.log(way.mass());
            int[] tokens = PathNodes.endTokens(trie, way.node(), weights::at);
            ahead.endTokens()[i] = tokens;
            ahead.endLogMass()[i] = new double[tokens.length];
            for (int j = 0; j < tokens.length; j++) {
                ahead.endLogMass()[i][j] = Math.log(weights.at(trie.position(tokens[j])));
            }
        }
        return ahead;
    }
}
