package io.bytelm.trie;

import io.bytelm.dist.Symbols;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A picture of a trie, or of what lies below a prefix, as a Graphviz DOT document. Nodes where tokens end have a double
 * border and name the ids; edges carry bytes, those of atomic tokens and EOS are dashed. Where limits cut the picture, a
 * node says how many tokens are not shown.
 */
public final class TrieDot {
    private final TokenByteTrie trie;
    private final int start;
    private final int maxDepth;
    private final int maxNodes;
    private final double @Nullable [] weights;

    private TrieDot(TokenByteTrie trie, int start, int maxDepth, int maxNodes, double @Nullable [] weights) {
        this.trie = trie;
        this.start = start;
        this.maxDepth = maxDepth;
        this.maxNodes = maxNodes;
        this.weights = weights;
    }

    /**
     * The DOT document.
     *
     * @param prefix the picture begins where these bytes lead; empty for the whole trie
     * @param maxDepth the most bytes below the prefix
     * @param maxNodes the most nodes shown: those with the most weight, without weights those with the most tokens
     * @param weights {@code [nodeCount]}, such as {@link SubtreeWeights#sums}: written into the nodes and shown as
     *     colour; null for none
     * @throws IllegalArgumentException if no token begins with the prefix, or the weights are not one a node
     */
    public static String render(
            TokenByteTrie trie, byte[] prefix, int maxDepth, int maxNodes, double @Nullable [] weights) {
        int start = trie.find(prefix);
        if (start == TokenByteTrie.NONE) {
            throw new IllegalArgumentException("no token begins with " + text(prefix));
        }
        if (weights != null && weights.length != trie.nodeCount()) {
            throw new IllegalArgumentException(weights.length + " weights for " + trie.nodeCount() + " nodes");
        }
        return new TrieDot(trie, start, maxDepth, maxNodes, weights).document();
    }

    private String document() {
        BitSet shown = mostImportantNodes();
        StringBuilder dot = new StringBuilder("""
                digraph trie {
                  rankdir=LR;
                  node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace"];
                  edge [fontname="monospace"];
                """);
        for (int node = shown.nextSetBit(0); node >= 0; node = shown.nextSetBit(node + 1)) {
            writeNode(dot, node);
            if (node != start) {
                writeEdge(dot, node);
            }
            writeWhatIsHidden(dot, node, shown);
        }
        return dot.append("}\n").toString();
    }

    /** From the start on always the most important node next, so that each one's parent is there before it. */
    private BitSet mostImportantNodes() {
        ToDoubleFunction<Integer> importance =
                node -> weights == null ? trie.end(node) - trie.first(node) : weights[node];
        PriorityQueue<Integer> candidates = new PriorityQueue<>(
                Comparator.comparingDouble(importance).reversed().thenComparing(Comparator.naturalOrder()));
        int deepest = trie.depth(start) + Math.min(maxDepth, Integer.MAX_VALUE >> 1);
        BitSet shown = new BitSet();
        candidates.add(start);
        for (int count = 0; count < maxNodes && !candidates.isEmpty(); count++) {
            int node = candidates.remove();
            shown.set(node);
            if (trie.depth(node) < deepest) {
                for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
                    candidates.add(child);
                }
                if (node == trie.root()) {
                    for (int child = trie.firstAtomicNode(); child <= trie.eosNode(); child++) {
                        candidates.add(child);
                    }
                }
            }
        }
        return shown;
    }

    private void writeNode(StringBuilder dot, int node) {
        StringBuilder label = new StringBuilder(name(node));
        int ends = trie.endsEnd(node) - trie.first(node);
        if (ends > 0) {
            label.append("\ntoken ").append(trie.token(trie.first(node)));
            if (ends > 1) {
                label.append(" and ").append(ends - 1).append(" more");
            }
        }
        if (weights != null) {
            label.append('\n').append(String.format(Locale.ROOT, "%.4g", weights[node]));
        }
        dot.append("  n").append(node).append(" [label=").append(quoted(label.toString()));
        if (ends > 0) {
            dot.append(", peripheries=2");
        }
        if (weights != null) {
            dot.append(String.format(Locale.ROOT, ", fillcolor=\"0.33 %.3f 1\"", saturation(weights[node])));
        }
        dot.append("];\n");
    }

    private void writeEdge(StringBuilder dot, int node) {
        boolean ofBytes = node < trie.firstAtomicNode();
        dot.append("  n").append(trie.parent(node)).append(" -> n").append(node).append(" [label=");
        dot.append(quoted(ofBytes ? Symbols.label(trie.edgeByte(node)) : name(node)));
        dot.append(ofBytes ? "];\n" : ", style=dashed];\n");
    }

    private void writeWhatIsHidden(StringBuilder dot, int node, BitSet shown) {
        int hidden = 0;
        for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
            hidden += shown.get(child) ? 0 : trie.end(child) - trie.first(child);
        }
        if (node == trie.root()) {
            for (int child = trie.firstAtomicNode(); child < trie.eosNode(); child++) {
                hidden += shown.get(child) ? 0 : trie.end(child) - trie.first(child);
            }
        }
        if (hidden > 0) {
            dot.append("  more").append(node).append(" [label=\"… ").append(hidden);
            dot.append(hidden == 1 ? " token" : " tokens").append("\", shape=plaintext, style=\"\"];\n");
            dot.append("  n").append(node).append(" -> more").append(node).append(" [style=dotted];\n");
        }
    }

    private String name(int node) {
        if (node == trie.eosNode()) {
            return Symbols.label(Symbols.EOS);
        }
        return node == trie.root() ? "root" : text(trie.prefix(node));
    }

    /** Small shares stay visible: the square root of the share of the start's weight. */
    private double saturation(double weight) {
        double whole = weights == null ? 0 : weights[start];
        return whole > 0 ? Math.min(1, Math.sqrt(weight / whole)) : 0;
    }

    /** Bytes as text where they are printable UTF-8, else byte by byte. */
    private static String text(byte[] bytes) {
        StringBuilder byByte = new StringBuilder();
        for (byte b : bytes) {
            byByte.append(Symbols.label(b & 0xFF));
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            boolean printable = decoded.codePoints()
                    .allMatch(c -> Character.isLetterOrDigit(c) || c > ' ' && c < 0x7F && c != '\\');
            return printable ? decoded : byByte.toString();
        } catch (CharacterCodingException e) {
            return byByte.toString();
        }
    }

    private static String quoted(String label) {
        return '"' + label.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
