package io.bytelm.trie;

import io.bytelm.dist.Symbols;
import io.bytelm.vocab.Vocabulary;
import java.util.Arrays;

/**
 * The tokens of a vocabulary as a trie over their bytes, in flat arrays. Token ids are sorted by bytes (unsigned, equal
 * bytes by id); their places in that order are called positions. A node is a range of positions: the tokens that begin
 * with its bytes, those that end there first. Immutable, safe for any thread.
 *
 * <p>Nodes are numbered breadth first from the root: a child has a higher number than its parent and the children of a
 * node are neighbours. Weights of tokens are given in the order of positions ("columns"), so that a subtree is a
 * contiguous range of them: see {@link SubtreeWeights}.
 *
 * <p>Differences from a plain trie, as in the reference (genlm-bytes, {@code TokenByteTrie}):
 *
 * <ul>
 *   <li>An atomic token is not split: a node of its own hangs from the root by the whole token, and no byte leads there.
 *       Their positions follow those of all other tokens.
 *   <li>The EOS node, the root's child by {@link Symbols#EOS}, has no positions of its own: which tokens end a sequence
 *       differs from session to session, so sums take their positions as an argument.
 *   <li>Tokens without bytes end at the root, and several tokens may end at one node (the reference refuses both).
 * </ul>
 */
public final class TokenByteTrie {
    /** No such node. */
    public static final int NONE = -1;

    static final int ROOT = 0;

    private final Vocabulary vocabulary;
    private final int[] order;
    private final int[] positions;
    private final int[] endNode;
    private final int[] first;
    private final int[] end;
    private final int[] parent;
    private final int[] firstChild;
    private final byte[] label;
    private final int byteNodes;
    private final int widestChildOfRoot;

    /** The trie of all tokens, none atomic. */
    public TokenByteTrie(Vocabulary vocabulary) {
        this(vocabulary, new int[0]);
    }

    /**
     * @param atomicTokens ids of the tokens that are not split into bytes, in any order
     * @throws IllegalArgumentException if one is not an id of the vocabulary
     */
    public TokenByteTrie(Vocabulary vocabulary, int[] atomicTokens) {
        for (int token : atomicTokens) {
            checkToken(vocabulary, "atomic", token);
        }
        TrieBuilder built = new TrieBuilder(vocabulary, atomicTokens);
        this.vocabulary = vocabulary;
        this.order = built.order;
        this.endNode = built.endNode;
        this.first = built.first;
        this.end = built.end;
        this.parent = built.parent;
        this.firstChild = built.firstChild;
        this.label = built.label;
        this.byteNodes = built.byteNodes;
        this.positions = new int[order.length];
        for (int position = 0; position < order.length; position++) {
            positions[order[position]] = position;
        }
        this.widestChildOfRoot = findWidestChildOfRoot();
    }

    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /** The number of nodes; the EOS node is the last. */
    public int nodeCount() {
        return first.length;
    }

    /** The node of no bytes; its range holds all tokens. */
    public int root() {
        return ROOT;
    }

    /** The node on which the mass of EOS tokens lies. */
    public int eosNode() {
        return first.length - 1;
    }

    /**
     * The node one symbol below.
     *
     * @param symbol a byte as 0 to 255, or {@link Symbols#EOS} at the root
     * @return {@link #NONE} if no token goes on so
     */
    public int child(int node, int symbol) {
        if (symbol == Symbols.EOS && node == ROOT) {
            return eosNode();
        }
        int low = firstChild[node];
        int high = firstChild[node + 1] - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int difference = (label[middle] & 0xFF) - symbol;
            if (difference == 0) {
                return middle;
            }
            if (difference < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return NONE;
    }

    /** The node of these bytes, {@link #NONE} if no token begins with them. */
    public int find(byte[] prefix) {
        int node = ROOT;
        for (int i = 0; i < prefix.length && node != NONE; i++) {
            node = child(node, prefix[i] & 0xFF);
        }
        return node;
    }

    /** The first of the nodes one byte below; they are neighbours, in the order of their bytes. */
    public int firstChild(int node) {
        return firstChild[node];
    }

    /** One past the last of the nodes one byte below. */
    public int childrenEnd(int node) {
        return firstChild[node + 1];
    }

    /** The byte that leads to a node, 0 to 255; of no meaning for the root, atomic tokens and the EOS node. */
    public int edgeByte(int node) {
        return label[node] & 0xFF;
    }

    /** The node above, {@link #NONE} for the root. */
    public int parent(int node) {
        return parent[node];
    }

    /** True for the node of an atomic token: it hangs from the root by its whole bytes. */
    public boolean isAtomic(int node) {
        return node >= byteNodes && node < eosNode();
    }

    /** The child of the root that the most tokens lie below, usually the space; {@link #NONE} if it has none. */
    public int widestChildOfRoot() {
        return widestChildOfRoot;
    }

    private int findWidestChildOfRoot() {
        int widest = NONE;
        int width = 0;
        for (int child = firstChild(root()); child < childrenEnd(root()); child++) {
            if (end(child) - first(child) > width) {
                widest = child;
                width = end(child) - first(child);
            }
        }
        return widest;
    }

    /** The first node of an atomic token; they go on up to the EOS node. */
    public int firstAtomicNode() {
        return byteNodes;
    }

    /** The number of bytes from the root; 0 for the EOS node. */
    public int depth(int node) {
        if (node >= byteNodes) {
            return node == eosNode() ? 0 : tokenBytes(first[node]).length;
        }
        int depth = 0;
        for (int above = parent[node]; above != NONE; above = parent[above]) {
            depth++;
        }
        return depth;
    }

    /** The bytes from the root to a node. */
    public byte[] prefix(int node) {
        int depth = depth(node);
        return depth == 0 ? new byte[0] : Arrays.copyOf(tokenBytes(first[node]), depth);
    }

    private byte[] tokenBytes(int position) {
        return vocabulary.bytes(order[position]);
    }

    /** The first position of the tokens at or below a node; those that end at the node come first. */
    public int first(int node) {
        return first[node];
    }

    /** One past the last position of the tokens at or below a node. */
    public int end(int node) {
        return end[node];
    }

    /** One past the last position of the tokens that end at a node; they begin at {@link #first}. */
    public int endsEnd(int node) {
        int child = firstChild[node];
        if (child < firstChild[node + 1]) {
            return first[child];
        }
        // A root without children still holds the atomic tokens, which do not end there.
        return node == ROOT && byteNodes < eosNode() ? first[byteNodes] : end[node];
    }

    /** The token at a position. */
    public int token(int position) {
        return order[position];
    }

    /** The position of a token. */
    public int position(int token) {
        return positions[token];
    }

    /** The node at which a token ends. */
    public int nodeOf(int token) {
        return endNode[positions[token]];
    }

    /** The node at which the token of a position ends. */
    int endNode(int position) {
        return endNode[position];
    }

    /** The token id of each position, {@code [vocab]}: the order in which weights are expected. A copy. */
    public int[] columnOrder() {
        return order.clone();
    }

    /**
     * The positions of these tokens, ascending, as sums want them.
     *
     * @throws IllegalArgumentException if one is not an id of the vocabulary
     */
    public int[] eosPositions(int... eosTokens) {
        int[] found = new int[eosTokens.length];
        for (int i = 0; i < found.length; i++) {
            checkToken(vocabulary, "EOS", eosTokens[i]);
            found[i] = positions[eosTokens[i]];
        }
        Arrays.sort(found);
        return found;
    }

    private static void checkToken(Vocabulary vocabulary, String what, int token) {
        if (token < 0 || token >= vocabulary.size()) {
            throw new IllegalArgumentException(
                    what + " token " + token + " is not an id of a vocabulary of " + vocabulary.size() + " tokens");
        }
    }
}
