package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.vocab.ByteCoverage.Place;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteCoverageTest {
    @TempDir
    Path directory;

    private static Vocabulary of(String... tokens) {
        List<byte[]> bytes =
                Arrays.stream(tokens).map(t -> t.getBytes(ISO_8859_1)).toList();
        return new Vocabulary(bytes, Collections.nCopies(tokens.length, TokenKind.NORMAL), 0, new byte[0]);
    }

    @Test
    void aByteIsATokenOrInsideOfOthersOrNowhere() {
        ByteCoverage coverage = of("<s>", "ab", "a", "", "bc", "\u00ff").coverage();

        assertThat(coverage.placeOf('a')).isEqualTo(Place.ALONE);
        assertThat(coverage.placeOf(0xFF)).isEqualTo(Place.ALONE);
        assertThat(coverage.bytesWith(Place.IN_LONGER_TOKENS))
                .containsExactly((int) '<', (int) '>', (int) 'b', (int) 'c', (int) 's');
        assertThat(coverage.bytesWith(Place.NOWHERE)).hasSize(256 - 7).doesNotContain((int) 'b');
        assertThat(coverage.has('b')).isTrue();
        assertThat(coverage.has('d')).isFalse();
    }

    @Test
    void placesAreThoseOfALinearSearch() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] tokens = random.ints(60, 0, 5)
                .mapToObj(length -> random.ints(length, 0, 256)
                        .collect(StringBuilder::new, (text, b) -> text.append((char) b), StringBuilder::append)
                        .toString())
                .toArray(String[]::new);
        ByteCoverage coverage = of(tokens).coverage();
        for (int b = 0; b < 256; b++) {
            String wanted = Character.toString(b);
            boolean alone = Arrays.asList(tokens).contains(wanted);
            boolean inside = Arrays.stream(tokens).anyMatch(token -> token.contains(wanted));
            assertThat(coverage.placeOf(b))
                    .as("seed %d, byte %d", seed, b)
                    .isEqualTo(alone ? Place.ALONE : inside ? Place.IN_LONGER_TOKENS : Place.NOWHERE);
        }
    }

    @Test
    void noTextIsWrittenWithATokenThatItsMergesDoNotMake() {
        Path file = TokenizerFiles.write(
                directory,
                "tokenizer.json",
                TokenizerFiles.BYTE_LEVEL
                        .replace(
                                "\"pre_tokenizer\": {\"type\": \"Sequence\"",
                                "\"pre_tokenizer\": {\"type\": \"Sequence\"")
                        .replace("\"\u00c3\": 4", "\"a\u00c3\": 4"));
        Vocabulary vocabulary = VocabularyReader.fromTokenizerFile(file);
        CanonicalRules rules = CanonicalRulesReader.fromTokenizerFile(file, vocabulary);

        assertThat(vocabulary.coverage().placeOf(0xC3)).isEqualTo(Place.IN_LONGER_TOKENS);
        assertThat(rules.coverage().placeOf(0xC3)).isEqualTo(Place.NOWHERE);
        assertThat(rules.coverage().placeOf('a')).isEqualTo(Place.ALONE);
        assertThat(rules.coverage().placeOf('e')).isEqualTo(Place.IN_LONGER_TOKENS); // of <|endoftext|>
    }

    @Test
    void theBundledTokenizerHasATokenForEveryByte() {
        Vocabulary vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
        CanonicalRules rules = CanonicalRulesReader.fromModelDirectory(BundledModel.directory(), vocabulary);

        IntStream.range(0, 256).forEach(b -> {
            assertThat(vocabulary.coverage().placeOf(b)).as("byte %d", b).isEqualTo(Place.ALONE);
            assertThat(rules.coverage().placeOf(b)).as("byte %d", b).isEqualTo(Place.ALONE);
        });
    }
}
