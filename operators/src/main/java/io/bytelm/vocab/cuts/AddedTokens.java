package io.bytelm.vocab.cuts;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Tokens that are found in a text as it stands, before all else: the trie of their bytes, whose nodes also know the longest
 * other beginning of a token that their bytes end with (Aho and Corasick's automaton). Immutable.
 */
public final class AddedTokens {
    /** No tokens are added. */
    public static final AddedTokens NONE = new AddedTokens(Map.of());

    static final int ROOT = 0;
    static final int NO_NODE = -1;
    static final int NO_TOKEN = -1;

    private final List<Map<Integer, Integer>> children = new ArrayList<>(List.of(new HashMap<>()));
    private final List<Integer> depths = new ArrayList<>(List.of(0));
    private final List<Integer> tokens = new ArrayList<>(List.of(NO_TOKEN));
    private final List<Integer> parents = new ArrayList<>(List.of(ROOT));
    private final List<Integer> lastBytes = new ArrayList<>(List.of(0));
    private final int[] shorter;
    private final int[] longestEnds;

    /** @param bytesOfTokens the bytes of each token id, not empty */
    public AddedTokens(Map<Integer, byte[]> bytesOfTokens) {
        new TreeMap<>(bytesOfTokens).forEach(this::add); // nodes have the same numbers in every JVM
        this.shorter = new int[depths.size()];
        this.longestEnds = new int[depths.size()];
        linkBreadthFirst();
    }

    private void add(int token, byte[] bytes) {
        int node = ROOT;
        for (byte b : bytes) {
            Integer child = children.get(node).get(b & 0xFF);
            if (child == null) {
                child = depths.size();
                children.get(node).put(b & 0xFF, child);
                children.add(new HashMap<>());
                depths.add(depths.get(node) + 1);
                tokens.add(NO_TOKEN);
                parents.add(node);
                lastBytes.add(b & 0xFF);
            }
            node = child;
        }
        tokens.set(node, token);
    }

    private void linkBreadthFirst() {
        Deque<Integer> waiting = new ArrayDeque<>(List.of(ROOT));
        while (!waiting.isEmpty()) {
            int node = waiting.remove();
            children.get(node).forEach((b, child) -> {
                shorter[child] = node == ROOT ? ROOT : next(shorter[node], b);
                longestEnds[child] = tokens.get(child) == NO_TOKEN ? longestEnds[shorter[child]] : depths.get(child);
                waiting.add(child);
            });
        }
    }

    /** The node one byte below, {@link #NO_NODE} if no token goes on so. */
    int child(int node, int b) {
        return children.get(node).getOrDefault(b, NO_NODE);
    }

    boolean hasChildren(int node) {
        return !children.get(node).isEmpty();
    }

    /** The node of the longest beginning of a token that the text ends with, a byte later. */
    int next(int node, int b) {
        int from = node;
        while (from != ROOT && child(from, b) == NO_NODE) {
            from = shorter[from];
        }
        return Math.max(ROOT, child(from, b));
    }

    /** The node of the longest beginning of a token that the bytes of others' node end with. */
    int endOf(AddedTokens others, int node) {
        return node == ROOT ? ROOT : next(endOf(others, others.parents.get(node)), others.lastBytes.get(node));
    }

    int depth(int node) {
        return depths.get(node);
    }

    /** The token of just these bytes, {@link #NO_TOKEN} if there is none. */
    int token(int node) {
        return tokens.get(node);
    }

    /** How many bytes the longest token has that these bytes end with; 0 if none does. */
    int longestEnd(int node) {
        return longestEnds[node];
    }
}
