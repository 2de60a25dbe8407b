package io.bytelm.canonical;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.canonical.CanonicalEncoding;
import io.bytelm.lm.djl.HuggingFaceTokenizerFile;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
import io.bytelm.vocab.VocabularyReader;
import io.bytelm.vocab.bpe.RandomMerges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokenizer files with random merges, against the tokenizers library. */
class WrittenTokenizersTest {
    private static final String TO_MARKER =
            "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}";
    private static final String BYTE_LEVEL =
            "{\"type\": \"ByteLevel\", \"add_prefix_space\": false, \"trim_offsets\": true, \"use_regex\": %s}";

    private enum Cutting {
        NOTHING("null"),
        METASPACE(
                "{\"type\": \"Metaspace\", \"replacement\": \"\u2581\", \"prepend_scheme\": \"never\", \"split\": true}"),
        /** Gemma's: there are no spaces left. */
        SPLIT("{\"type\": \"Split\", \"pattern\": {\"String\": \" \"}, \"behavior\": \"MergedWithPrevious\","
                + " \"invert\": false}");

        private final String step;

        Cutting(String step) {
            this.step = step;
        }
    }

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"false, NOTHING", "true, NOTHING", "false, METASPACE", "true, METASPACE", "false, SPLIT"})
    void sentencePieceIsWrittenAsByTheLibrary(boolean prepends, Cutting cutting) throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            RandomMerges merges = RandomMerges.of(random, "ab\u00e9\u2581");
            String bytes = IntStream.range(0, 256)
                    .mapToObj(b -> String.format("\"<0x%02X>\": %d", b, b + 1))
                    .collect(Collectors.joining(", "));
            String normalizer = prepends ? "{\"type\": \"Prepend\", \"prepend\": \"\u2581\"}, " + TO_MARKER : TO_MARKER;
            String file = tokenizer(
                    "{\"type\": \"Sequence\", \"normalizers\": [" + normalizer + "]}",
                    cutting.step,
                    "\"byte_fallback\": true, \"fuse_unk\": true, \"unk_token\": \"<unk>\"",
                    "\"<unk>\": 0, " + bytes,
                    merges,
                    257);
            requireSame(seed, file, random, "a", "b", "\u00e9", " ", "c", "\u4e2d", "\n", "<x>");
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true", "true, true"})
    void byteLevelIsWrittenAsByTheLibrary(boolean cuts, boolean ignoresMerges) throws IOException {
        for (long seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            RandomMerges merges = RandomMerges.of(random, "ab'\u0120s");
            String file = tokenizer(
                    "null",
                    BYTE_LEVEL.formatted(cuts),
                    "\"byte_fallback\": false, \"ignore_merges\": " + ignoresMerges,
                    "\"<unk>\": 0",
                    merges,
                    1);
            requireSame(seed, file, random, "a", "b", "'", "s", " ", "<x>");
        }
    }

    private static String tokenizer(
            String normalizer, String preTokenizer, String options, String vocab, RandomMerges merges, int firstId) {
        String pieces = IntStream.range(0, merges.pieces().size())
                .mapToObj(i -> "\"" + merges.pieces().get(i) + "\": " + (firstId + i))
                .collect(Collectors.joining(", "));
        String listed = merges.merges().stream()
                .map(merge -> "[\"" + merge.get(0) + "\", \"" + merge.get(1) + "\"]")
                .collect(Collectors.joining(", "));
        int added = firstId + merges.pieces().size();
        return """
                {"version": "1.0", "added_tokens": [{"id": %d, "content": "<x>", "special": true, "normalized": false,
                 "lstrip": false, "rstrip": false, "single_word": false}],
                 "normalizer": %s, "pre_tokenizer": %s, "post_processor": null, "decoder": null,
                 "model": {"type": "BPE", %s, "vocab": {%s, %s}, "merges": [%s]}}
                """.formatted(added, normalizer, preTokenizer, options, vocab, pieces, listed);
    }

    private void requireSame(long seed, String file, Random random, String... parts) throws IOException {
        Files.writeString(directory.resolve("tokenizer.json"), file);
        Vocabulary vocabulary = VocabularyReader.fromTokenizerFile(directory.resolve("tokenizer.json"));
        CanonicalRules rules = CanonicalRulesReader.fromModelDirectory(directory, vocabulary);
        try (HuggingFaceTokenizerFile library = HuggingFaceTokenizerFile.open(directory)) {
            for (int i = 0; i < 25; i++) {
                StringBuilder text = new StringBuilder();
                boolean added = vocabulary.dummyPrefix().length == 0; // else the library puts it after added tokens too
                random.ints(1 + random.nextInt(10), 0, parts.length - (added ? 0 : 1))
                        .forEach(p -> text.append(parts[p]));
                byte[] bytes = text.toString().getBytes(UTF_8);
                byte[] read = Arrays.copyOf(vocabulary.dummyPrefix(), vocabulary.dummyPrefix().length + bytes.length);
                System.arraycopy(bytes, 0, read, read.length - bytes.length, bytes.length);
                assertThat(CanonicalEncoding.of(rules, read))
                        .as("seed %s, \"%s\" of %s", seed, text, file)
                        .isEqualTo(library.tokens(bytes));
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "\"type\": \"BPE\" # \"type\": \"Unigram\" # Unigram model",
                "\"normalizer\": null # \"normalizer\": {\"type\": \"Lowercase\"} # makes letters lower case",
                "\"use_regex\": true} # \"use_regex\": true}, {\"type\": \"Punctuation\"} # pretokenizer Punctuation",
                "{\"type\": \"ByteLevel\" # {\"type\": \"Split\", \"pattern\": {\"Regex\": \"a++\"}, \"behavior\": \"Isolated\"},"
                        + " {\"type\": \"ByteLevel\" # a possessive",
                "\"rstrip\": false # \"rstrip\": true # has rstrip",
                "\"byte_fallback\": false # \"dropout\": 0.1 # has a dropout"
            })
    void whatCannotBeFollowedIsRefusedByName(String part, String instead, String reason) throws IOException {
        String file = tokenizer(
                "null",
                "{\"type\": \"Sequence\", \"pretokenizers\": [" + BYTE_LEVEL.formatted("true") + "]}",
                "\"byte_fallback\": false",
                "\"<unk>\": 0",
                RandomMerges.of(new Random(1), "ab"),
                1);
        assertThat(file).contains(part);
        Path written = directory.resolve("tokenizer.json");
        Files.writeString(written, file);
        Vocabulary vocabulary = VocabularyReader.fromTokenizerFile(written);
        assertThat(CanonicalRulesReader.fromTokenizerFile(written, vocabulary)).isNotNull();
        Files.writeString(written, file.replace(part, instead));

        assertThatThrownBy(() -> CanonicalRulesReader.fromTokenizerFile(written, vocabulary))
                .isInstanceOf(VocabularyException.class)
                .hasMessageStartingWith(written.toString())
                .hasMessageContaining(reason);
    }

    @Test
    void whatNoTextOfATokenizerHasIsWrittenByteByByte() throws IOException {
        Path written = directory.resolve("tokenizer.json");
        String bytes = IntStream.range(0, 256)
                .mapToObj(b -> String.format("\"<0x%02X>\": %d", b, b))
                .collect(Collectors.joining(", "));
        RandomMerges merges = RandomMerges.of(new Random(1), "ab\u2581");
        Files.writeString(written, tokenizer(TO_MARKER, "null", "\"byte_fallback\": true", bytes, merges, 256));
        CanonicalRules rules =
                CanonicalRulesReader.fromTokenizerFile(written, VocabularyReader.fromTokenizerFile(written));

        assertThat(CanonicalEncoding.of(rules, "\u2581".getBytes(UTF_8))).containsExactly(0xE2, 0x96, 0x81);
        assertThat(CanonicalEncoding.of(rules, new byte[] {(byte) 0xE2, (byte) 0x96}))
                .containsExactly(0xE2, 0x96);
        assertThat(CanonicalEncoding.of(rules, new byte[] {(byte) 0xFF, 'c', (byte) 0x80}))
                .containsExactly(0xFF, 'c', 0x80);
        assertThat(CanonicalEncoding.of(rules, new byte[] {'a'})).containsExactly(256);
        assertThat(CanonicalEncoding.of(rules, new byte[] {' '})).containsExactly(258);
    }

    @Test
    void aModelWithoutATokenForEveryByteIsRefused() throws IOException {
        Path written = directory.resolve("tokenizer.json");
        Files.writeString(
                written,
                tokenizer(
                        TO_MARKER,
                        "null",
                        "\"byte_fallback\": true",
                        "\"<0x00>\": 0",
                        RandomMerges.of(new Random(1), "ab"),
                        1));
        Vocabulary vocabulary = VocabularyReader.fromTokenizerFile(written);

        assertThatThrownBy(() -> CanonicalRulesReader.fromTokenizerFile(written, vocabulary))
                .hasMessageContaining("<0x01> is missing");
    }

    @Test
    void aTextWithAByteThatIsNoTokenHasNoCanonicalTokenization() throws IOException {
        Path written = directory.resolve("tokenizer.json");
        Files.writeString(
                written,
                tokenizer(
                        "null",
                        BYTE_LEVEL.formatted("true"),
                        "\"byte_fallback\": false",
                        "\"<unk>\": 0",
                        RandomMerges.of(new Random(1), "ab"),
                        1));
        CanonicalRules rules =
                CanonicalRulesReader.fromTokenizerFile(written, VocabularyReader.fromTokenizerFile(written));

        assertThat(CanonicalEncoding.of(rules, "ab".getBytes(UTF_8))).isNotNull();
        assertThat(CanonicalEncoding.of(rules, "abc".getBytes(UTF_8))).isNull();
        assertThat(List.of(CanonicalEncoding.of(rules, new byte[0]))).containsExactly(new int[0]);
    }
}
