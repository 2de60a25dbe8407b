package io.bytelm.trie;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class TrieDotTest {
    private static final byte[] WHOLE = {};
    private static final int UNLIMITED = Integer.MAX_VALUE;

    @Test
    void theWholeTrieHasAllNodesAndEdges() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("<s>", "a", "ab", "ab"), new int[] {0});

        assertThat(TrieDot.render(trie, WHOLE, UNLIMITED, UNLIMITED, null)).isEqualTo("""
                        digraph trie {
                          rankdir=LR;
                          node [shape=box, style="rounded,filled", fillcolor=white, fontname="monospace"];
                          edge [fontname="monospace"];
                          n0 [label="root"];
                          n1 [label="a\\ntoken 1", peripheries=2];
                          n0 -> n1 [label="a"];
                          n2 [label="ab\\ntoken 2 and 1 more", peripheries=2];
                          n1 -> n2 [label="b"];
                          n3 [label="<s>\\ntoken 0", peripheries=2];
                          n0 -> n3 [label="<s>", style=dashed];
                          n4 [label="EOS"];
                          n0 -> n4 [label="EOS", style=dashed];
                        }
                        """);
    }

    @Test
    void quotesBackslashesAndControlBytesAreEscaped() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("\"", "\\", "\n", "\u00c3\u00a9", "\u00c3", " "));

        String dot = TrieDot.render(trie, WHOLE, UNLIMITED, UNLIMITED, null);

        assertThat(dot)
                .contains("[label=\"\\\"\"]")
                .contains("[label=\"\\\\\\\\\"]")
                .contains("[label=\"\\\\x0a\"]")
                .contains("[label=\"\\\\xc3\"]")
                .contains("[label=\"é\\ntoken 3\", peripheries=2]")
                .contains("[label=\"␣\"]");
        assertThat(dot.lines().filter(line -> line.chars().anyMatch(c -> c < ' ')))
                .isEmpty();
    }

    @Test
    void belowAPrefixOnlyWhatBeginsSoIsShown() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "ab", "abc", "b"));

        String dot = TrieDot.render(trie, "ab".getBytes(StandardCharsets.US_ASCII), UNLIMITED, UNLIMITED, null);

        assertThat(dot).contains("label=\"ab\\ntoken 1\"").contains("label=\"abc\\ntoken 2\"");
        assertThat(dot).doesNotContain("root").doesNotContain("token 0").doesNotContain("token 3");
    }

    @Test
    void limitsSayWhatTheyHide() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "ab", "abc", "b"));

        assertThat(TrieDot.render(trie, WHOLE, 1, UNLIMITED, null))
                .contains("[label=\"a\\ntoken 0\"")
                .contains("[label=\"b\\ntoken 3\"")
                .contains("more1 [label=\"… 2 tokens\"")
                .doesNotContain("token 1");
        assertThat(TrieDot.render(trie, WHOLE, UNLIMITED, 2, null))
                .contains("more0 [label=\"… 1 token\"")
                .doesNotContain("token 3");
    }

    @Test
    void weightsChooseAndColourTheNodes() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a", "ab", "b"));
        float[] columns = {0.125f, 0.125f, 0.75f};

        String dot = TrieDot.render(trie, WHOLE, UNLIMITED, 2, new SubtreeWeights(trie, columns).sums());

        assertThat(dot)
                .contains("[label=\"root\\n1.000\", fillcolor=\"0.33 1.000 1\"]")
                .contains("[label=\"b\\ntoken 2\\n0.7500\", peripheries=2, fillcolor=\"0.33 0.866 1\"]")
                .contains("more0 [label=\"… 2 tokens\"");
    }

    @Test
    void aPrefixOfNoTokenIsNamed() {
        TokenByteTrie trie = new TokenByteTrie(ToyVocabulary.of("a"));

        assertThatThrownBy(() -> TrieDot.render(trie, new byte[] {'a', '\n'}, 1, 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no token begins with a\\x0a");
        assertThatThrownBy(() -> TrieDot.render(trie, WHOLE, 1, 1, new double[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("1 weights for 3 nodes");
    }
}
