package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.lm.PortableModel;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.bpe.CanonicalPairs;
import io.bytelm.vocab.bpe.MergeTable;
import io.bytelm.vocab.cuts.Pretokenizer;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DummyPrefixTest {
    private static final List<String> TOKENS = List.of("a", "b", " ", " a", "ab", "<s>");
    private static final Vocabulary VOCABULARY = new Vocabulary(
            TOKENS.stream().map(token -> token.getBytes(ISO_8859_1)).toList(),
            Collections.nCopies(TOKENS.size(), TokenKind.NORMAL),
            5,
            " ".getBytes(ISO_8859_1));

    private final BruteForceTrieLmService service =
            new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size()));

    private static CanonicalRules rules() {
        MergeTable merges = new MergeTable(new int[] {2, 0}, new int[] {0, 1}, new int[] {3, 4});
        int[][] symbols = {{0}, {1}, {2}, {2, 0}, {0, 1}, null};
        return new CanonicalRules(
                VOCABULARY,
                CanonicalPairs.of(merges, symbols),
                Pretokenizer.NONE,
                Map.of(),
                new BitSet(),
                new BitSet());
    }

    @Test
    void whatComesAfterTheDummyPrefixIsAShareOfWhatComesWithIt() {
        CanonicalParams exact = CanonicalParams.exact();
        CanonicalTree whole = CanonicalTree.initial(rules(), exact, EosMode.WITH_EOS);
        double prefix = read(whole, " ").logLower();
        for (String text : List.of("a", "ab", "ba", "aba")) {
            double expected = read(whole, " " + text).logLower() - prefix;
            Stream.of(0.0, 0.5).forEach(defer -> {
                CanonicalTree tree = CanonicalTree.afterDummyPrefix(
                                rules(), new CanonicalParams(defer, new int[0]), EosMode.WITH_EOS)
                        .run(service::expandAll);
                Certified certified = read(tree, text);
                assertThat(expected).as(text).isBetween(certified.logLower() - 1e-9, certified.logUpper() + 1e-9);
                assertThat(certified.gap()).isGreaterThanOrEqualTo(0);
                if (defer == 0) {
                    assertThat(certified.logLower()).isCloseTo(expected, within(1e-9));
                }
            });
        }
    }

    private Certified read(CanonicalTree tree, String text) {
        return tree.read(text.getBytes(ISO_8859_1)).run(service::expandAll).logProb();
    }
}
