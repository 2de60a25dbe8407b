package io.bytelm.service;

import io.bytelm.trie.TokenByteTrie;
import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** The nodes that a path leads through, and the tokens that end at them. */
final class PathNodes {
    private static final int[] NO_TOKENS = new int[0];

    private PathNodes() {}

    /** {@code [depth + 1]}: the root, then a node a byte, as far as the trie follows the path. */
    static int[] along(TokenByteTrie trie, byte[] path) {
        int[] nodes = new int[path.length + 1];
        nodes[0] = trie.root();
        for (int d = 0; d < path.length; d++) {
            int next = trie.child(nodes[d], path[d] & 0xFF);
            if (next == TokenByteTrie.NONE) {
                return Arrays.copyOf(nodes, d + 1);
            }
            nodes[d + 1] = next;
        }
        return nodes;
    }

    /**
     * The tokens that end at a node: the one with the most mass first, then by id.
     *
     * @param massAt the mass of a position
     */
    static int[] endTokens(TokenByteTrie trie, int node, IntToDoubleFunction massAt) {
        int first = trie.first(node);
        int count = trie.endsEnd(node) - first;
        if (count == 0) {
            return NO_TOKENS;
        }
        if (count == 1) {
            return new int[] {trie.token(first)};
        }
        // Positions of equal bytes ascend by id, and this sort is stable.
        return IntStream.range(first, first + count)
                .boxed()
                .sorted(Comparator.comparingDouble(massAt::applyAsDouble).reversed())
                .mapToInt(trie::token)
                .toArray();
    }
}
