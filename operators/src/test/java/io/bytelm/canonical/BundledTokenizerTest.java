package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.CanonicalEncoding;
import io.bytelm.lm.canonical.CanonicalSelfTest;
import io.bytelm.lm.canonical.Heads;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled model's tokenizer against the tokenizers library. */
class BundledTokenizerTest {
    private static final String[] PARTS = {
        "the",
        " of",
        " and",
        "ing",
        "e",
        "t",
        "a",
        "Holmes",
        " ",
        " ",
        "  ",
        "\n",
        "\t",
        "'",
        "'s",
        "'re",
        "'x",
        "1",
        "23",
        ".",
        ",",
        "\u00e9",
        "\u2019",
        "\u4e2d",
        "\ud83d\ude00",
        "\u00a0",
        "\u0301",
        "<|endoftext|>",
        "<|end",
        "|>",
        "\"",
        "\u0001"
    };
    private static final int TEXTS = 600;

    private static Vocabulary vocabulary;
    private static CanonicalRules rules;
    private static HuggingFaceTokenizerFile library;

    @BeforeAll
    static void read() {
        vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
        rules = CanonicalRulesReader.fromModelDirectory(BundledModel.directory(), vocabulary);
        library = HuggingFaceTokenizerFile.open(BundledModel.directory());
    }

    @AfterAll
    static void close() {
        library.close();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        random.ints(random.nextInt(25), 0, PARTS.length).forEach(i -> text.append(PARTS[i]));
        return text.toString();
    }

    @Test
    void theCanonicalTokensAreThoseOfTheLibrary() {
        for (long seed = 0; seed < TEXTS; seed++) {
            byte[] text = text(new Random(seed)).getBytes(UTF_8);
            assertThat(CanonicalEncoding.of(rules, text)).as("seed %s", seed).isEqualTo(library.tokens(text));
        }
    }

    @Test
    void aTextThatIsCutAtAnyByteHasNoDeadEndAndOneWayToEnd() {
        for (long seed = 0; seed < TEXTS; seed++) {
            byte[] text = text(new Random(seed)).getBytes(UTF_8);
            Heads heads = Heads.before(rules, TokenContext.startingWith(0));
            for (int length = 1; length <= text.length; length++) {
                heads = heads.read(text[length - 1] & 0xFF);
                assertThat(heads.ends()).as("seed %s, %s bytes", seed, length).hasSize(1);
                assertThat(heads.heads()).hasSizeBetween(1, 20);
                if (seed % 10 == 0 && heads.cuts().character() >= 0) {
                    TokenContext end = heads.ends().get(0);
                    assertThat(end.lastTokens(end.length() - 1))
                            .as("seed %s, %s bytes", seed, length)
                            .isEqualTo(library.tokens(Arrays.copyOf(text, length)));
                }
            }
        }
    }

    @Test
    void anyBytesHaveOneCanonicalTokenization() {
        for (long seed = 0; seed < TEXTS; seed++) {
            byte[] text = new byte[12];
            new Random(seed).nextBytes(text);
            int[] tokens = CanonicalEncoding.of(rules, text);
            assertThat(tokens).as("seed %s", seed).isNotNull();
            StringBuilder spelled = new StringBuilder();
            Arrays.stream(tokens).forEach(token -> spelled.append(new String(vocabulary.bytes(token), ISO_8859_1)));
            assertThat(spelled.toString().getBytes(ISO_8859_1)).isEqualTo(text);
        }
    }

    @Test
    void theSelfTestFindsNoDifference() {
        assertThat(CanonicalSelfTest.difference(rules, library)).isNull();
    }

    @Test
    void theSelfTestFindsATokenizerThatCutsOtherwise() {
        CanonicalRules other = TokenizerWithSteps.of(
                BundledModel.directory(), "{\"type\": \"ByteLevel\", \"use_regex\": false}", vocabulary);

        assertThat(CanonicalSelfTest.difference(other, library))
                .startsWith("the text \"a")
                .contains("by the rules of its file");
    }

    @Test
    void aTokenThatIsNotSoughtInTextsIsReadAsText() {
        byte[] text = "a<|endoftext|>b".getBytes(UTF_8);

        assertThat(CanonicalEncoding.of(rules, text)).contains(0);
        assertThat(CanonicalEncoding.of(rules.withoutAdded(0), text))
                .isNotNull()
                .doesNotContain(0);
    }

    @Test
    void theIntervalHasTheExactSumInItAtEveryByte() {
        byte[] text = "It's 23 \u00e9t\u00e9s  <|end of the\n\n story.".getBytes(UTF_8);
        BruteForceTrieLmService service = new BruteForceTrieLmService(vocabulary, new PortableModel(vocabulary.size()));
        CanonicalTree exact = CanonicalTree.initial(rules, CanonicalParams.exact(0), EosMode.WITH_EOS);
        CanonicalTree deferred =
                CanonicalTree.initial(rules, new CanonicalParams(0.2, new int[] {0}), EosMode.WITH_EOS);
        for (int at = 0; at < text.length; at++) {
            exact = exact.advance(Lookahead.of(text, at)).run(service::expandAll);
            deferred = deferred.advance(Lookahead.of(text, at)).run(service::expandAll);
            double expected = exact.logProb().logLower();
            assertThat(expected).isGreaterThan(Double.NEGATIVE_INFINITY);
            assertThat(expected)
                    .isBetween(
                            deferred.logProb().logLower() - 1e-9,
                            deferred.logProb().logUpper() + 1e-9);
        }
        double end = exact.logProbOfEnd().run(service::expandAll);
        assertThat(deferred.logProbOfEnd().run(service::expandAll)).isCloseTo(end, within(1e-9));
    }
}
