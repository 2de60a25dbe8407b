package io.bytelm.vocab;

import static io.bytelm.vocab.TokenizerFiles.BYTE_LEVEL;
import static io.bytelm.vocab.TokenizerFiles.SENTENCE_PIECE;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad file gets one line that names it and what is wrong. */
class BadTokenizerFileTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void nameFile() {
        file = directory.resolve("tokenizer.json");
    }

    private void assertRefused(String... parts) {
        assertThatThrownBy(() -> VocabularyReader.fromTokenizerFile(file))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContainingAll(parts)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static String byteLevel(String old, String replacement) {
        assertThat(BYTE_LEVEL).contains(old);
        return BYTE_LEVEL.replace(old, replacement);
    }

    static Stream<Arguments> spoiledFiles() {
        return Stream.of(
                spoiled("{\"vocab_size\": 3}", "no tokenizer.json"),
                spoiled("[1, 2]", "holds no JSON object"),
                spoiled("", "holds no JSON object"),
                spoiled("hello", "not valid JSON at line 1"),
                spoiled(BYTE_LEVEL + "}", "not valid JSON"),
                spoiled(BYTE_LEVEL + "{}", "goes on after the end"),
                spoiled(byteLevel("\"type\": \"BPE\"", "\"type\": \"WordPiece\""), "WordPiece", "not supported"),
                spoiled(byteLevel("\"type\": \"BPE\"", "\"type\": \"WordLevel\""), "WordLevel", "not supported"),
                spoiled(
                        byteLevel("\"byte_fallback\": false", "\"end_of_word_suffix\": \"</w>\""),
                        "end_of_word_suffix"),
                spoiled(BYTE_LEVEL.replace("\"ByteLevel\"", "\"Whitespace\""), "ByteLevel", "not supported"),
                spoiled(byteLevel("\"a\": 1", "\"a\": 2"), "id 2 is both \"a\" and \"Ġ\""),
                spoiled(byteLevel("\"a\": 1", "\"a\": 1, \"a\": 5"), "Duplicate field 'a'"),
                spoiled(byteLevel("\"id\": 6", "\"id\": 3"), "id 3 is both \"Ġa\" and \"<|im_start|>\""),
                spoiled(byteLevel("\"id\": 6", "\"id\": 5"), "id 5 is both \"  日\" and \"<|im_start|>\""),
                spoiled(byteLevel("\"Ã\": 4", "\"a\\nb\": 4"), "piece \"a\\nb\" (id 4)", "byte-level alphabet"),
                spoiled(byteLevel("\"a\": 1", "\"a\": \"1\""), "no whole number"),
                spoiled(byteLevel("\"a\": 1", "\"a\": -1"), "\"a\" has the impossible id -1"),
                spoiled(byteLevel("\"a\": 1", "\"a\": 4000000000"), "impossible id 4000000000"),
                spoiled(byteLevel("\"content\": \"  日\"", "\"content\": 6"), "added_tokens has an entry without text"),
                spoiled("{\"decoder\": {\"type\": \"ByteLevel\"}, \"model\": {\"vocab\": {}}}", "has no tokens"),
                spoiled(
                        "{\"decoder\": {\"type\": \"ByteFallback\"}, \"model\": {\"vocab\": [[\"a\", 0], 7]}}",
                        "model.vocab[1]"));
    }

    private static Arguments spoiled(String json, String... parts) {
        return Arguments.of(json, parts);
    }

    @ParameterizedTest
    @MethodSource("spoiledFiles")
    void aSpoiledFileIsRefusedByName(String json, String[] parts) {
        TokenizerFiles.write(directory, "tokenizer.json", json);

        assertRefused(parts);
    }

    @Test
    void aMissingFileIsNamed() {
        assertRefused("no such file");
    }

    @Test
    void aDirectoryIsNoFile() throws IOException {
        Files.createDirectory(file);

        assertRefused("is a directory");
    }

    @Test
    void aFileCutAnywhereIsRefused() throws IOException {
        byte[] whole = SENTENCE_PIECE.strip().getBytes(UTF_8);
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file.toString());
        }
    }

    @Test
    void aGzippedFileCutAnywhereIsRefused() throws IOException {
        ByteArrayOutputStream gzipped = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzipped)) {
            out.write(SENTENCE_PIECE.getBytes(UTF_8));
        }
        byte[] whole = gzipped.toByteArray();
        for (int length = 0; length < whole.length - 8; length += 11) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertRefused(file.toString());
        }
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() throws IOException {
        Files.write(file, BYTE_LEVEL.getBytes(ISO_8859_1));

        assertRefused("not UTF-8");
    }
}
