package io.bytelm.trie;

import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Sorts a vocabulary by bytes and cuts it into trie nodes in one pass, level by level: the tokens of a node are sorted by
 * their next byte, and each run of equal bytes becomes a child. So nodes are numbered breadth first and the children of a
 * node are neighbours. Sorting is stable and starts from ascending ids: equal bytes stay in the order of their ids.
 */
final class TrieBuilder {
    private static final int ENDED = -1;
    private static final int INSERTION_SORT_LIMIT = 8;

    private final Vocabulary vocabulary;
    private final int splitTokens;
    private final int[] scratch;
    private final int[] bucketStarts = new int[258];

    /** Position to token id. */
    final int[] order;
    /** Position to the node where its token ends. */
    final int[] endNode;

    /** {@code [nodes]} once built: first position, end of positions, parent, and the byte on the edge from it. */
    int[] first;

    int[] end;
    int[] parent;
    byte[] label;
    /** {@code [nodes + 1]} once built: the children of node n are {@code firstChild[n] .. firstChild[n + 1] - 1}. */
    int[] firstChild;
    /** Nodes reached by single bytes, the root included; nodes of atomic tokens follow, then the EOS node. */
    int byteNodes;

    private int nodes;

    TrieBuilder(Vocabulary vocabulary, int[] atomicTokens) {
        this.vocabulary = vocabulary;
        boolean[] atomic = new boolean[vocabulary.size()];
        for (int token : atomicTokens) {
            // A token without bytes is no edge: it ends at the root whether it is atomic or not.
            atomic[token] = vocabulary.bytes(token).length > 0;
        }
        IntStream ids = IntStream.range(0, vocabulary.size());
        int[] split = ids.filter(token -> !atomic[token]).toArray();
        this.splitTokens = split.length;
        this.order = Arrays.copyOf(split, vocabulary.size());
        int[] atomicInOrder = IntStream.range(0, vocabulary.size())
                .filter(token -> atomic[token])
                .boxed()
                .sorted(Comparator.comparing(vocabulary::bytes, Arrays::compareUnsigned))
                .mapToInt(Integer::intValue)
                .toArray();
        System.arraycopy(atomicInOrder, 0, order, splitTokens, atomicInOrder.length);
        this.endNode = new int[vocabulary.size()];
        this.scratch = new int[splitTokens];
        int capacity = mostNodes(vocabulary);
        this.first = new int[capacity];
        this.end = new int[capacity];
        this.parent = new int[capacity];
        this.label = new byte[capacity];
        this.firstChild = new int[capacity + 1];
        build();
    }

    /** One node a byte at most, and the root and the EOS node. */
    private static int mostNodes(Vocabulary vocabulary) {
        int bytes = 0;
        for (int token = 0; token < vocabulary.size(); token++) {
            bytes = Math.addExact(bytes, vocabulary.bytes(token).length);
        }
        return Math.addExact(bytes, 2);
    }

    private void build() {
        addNode(TokenByteTrie.NONE, 0, 0, vocabulary.size());
        int depth = 0;
        int levelEnd = nodes;
        for (int node = 0; node < nodes; node++) {
            if (node == levelEnd) {
                depth++;
                levelEnd = nodes;
            }
            firstChild[node] = nodes;
            split(node, depth);
        }
        byteNodes = nodes;
        addAtomicNodes();
        addNode(TokenByteTrie.ROOT, 0, vocabulary.size(), vocabulary.size());
        Arrays.fill(firstChild, byteNodes, nodes + 1, byteNodes);
        first = Arrays.copyOf(first, nodes);
        end = Arrays.copyOf(end, nodes);
        parent = Arrays.copyOf(parent, nodes);
        label = Arrays.copyOf(label, nodes);
        firstChild = Arrays.copyOf(firstChild, nodes + 1);
    }

    private void split(int node, int depth) {
        int to = node == TokenByteTrie.ROOT ? splitTokens : end[node];
        sortByByteAt(depth, first[node], to);
        int from = first[node];
        while (from < to && byteAt(order[from], depth) == ENDED) {
            endNode[from++] = node;
        }
        while (from < to) {
            int next = byteAt(order[from], depth);
            int runEnd = from + 1;
            while (runEnd < to && byteAt(order[runEnd], depth) == next) {
                runEnd++;
            }
            addNode(node, next, from, runEnd);
            from = runEnd;
        }
    }

    private void addAtomicNodes() {
        int from = splitTokens;
        while (from < order.length) {
            int runEnd = from;
            while (runEnd < order.length
                    && Arrays.equals(vocabulary.bytes(order[runEnd]), vocabulary.bytes(order[from]))) {
                endNode[runEnd++] = nodes;
            }
            addNode(TokenByteTrie.ROOT, 0, from, runEnd);
            from = runEnd;
        }
    }

    private void addNode(int parentNode, int edgeByte, int from, int to) {
        parent[nodes] = parentNode;
        label[nodes] = (byte) edgeByte;
        first[nodes] = from;
        end[nodes] = to;
        nodes++;
    }

    private int byteAt(int token, int depth) {
        byte[] bytes = vocabulary.bytes(token);
        return depth == bytes.length ? ENDED : bytes[depth] & 0xFF;
    }

    private void sortByByteAt(int depth, int from, int to) {
        if (to - from <= INSERTION_SORT_LIMIT) {
            insertionSort(depth, from, to);
        } else {
            countingSort(depth, from, to);
        }
    }

    private void insertionSort(int depth, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            int token = order[i];
            int key = byteAt(token, depth);
            int hole = i;
            while (hole > from && byteAt(order[hole - 1], depth) > key) {
                order[hole] = order[hole - 1];
                hole--;
            }
            order[hole] = token;
        }
    }

    private void countingSort(int depth, int from, int to) {
        Arrays.fill(bucketStarts, 0);
        for (int i = from; i < to; i++) {
            bucketStarts[byteAt(order[i], depth) - ENDED + 1]++;
        }
        for (int bucket = 1; bucket < bucketStarts.length; bucket++) {
            bucketStarts[bucket] += bucketStarts[bucket - 1];
        }
        System.arraycopy(order, from, scratch, from, to - from);
        for (int i = from; i < to; i++) {
            order[from + bucketStarts[byteAt(scratch[i], depth) - ENDED]++] = scratch[i];
        }
    }
}
