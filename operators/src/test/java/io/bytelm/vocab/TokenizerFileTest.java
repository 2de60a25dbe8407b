package io.bytelm.vocab;

import static io.bytelm.vocab.TokenizerFiles.BYTE_LEVEL;
import static io.bytelm.vocab.TokenizerFiles.SENTENCE_PIECE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TokenizerFileTest {
    @TempDir
    Path directory;

    private Vocabulary read(String json) {
        return VocabularyReader.fromTokenizerFile(TokenizerFiles.write(directory, "tokenizer.json", json));
    }

    /** One line a token: its bytes in hex and its kind. */
    private static Stream<String> lines(Vocabulary vocabulary) {
        return IntStream.range(0, vocabulary.size())
                .mapToObj(id -> HexFormat.of().formatHex(vocabulary.bytes(id)) + " " + vocabulary.kind(id));
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(UTF_8));
    }

    @Test
    void byteLevelPiecesAreBytesAndAddedTokensAreTheirNames() {
        assertThat(lines(read(BYTE_LEVEL)))
                .containsExactly(
                        hex("<|endoftext|>") + " SPECIAL",
                        "61 NORMAL",
                        "20 NORMAL",
                        "2061 NORMAL",
                        "c3 NORMAL",
                        hex("  日") + " NORMAL",
                        hex("<|im_start|>") + " SPECIAL");
    }

    @Test
    void sentencePiecesAreTextWithSpacesAndRawBytes() {
        assertThat(lines(read(SENTENCE_PIECE)))
                .containsExactly(
                        hex("<unk>") + " SPECIAL",
                        hex("<s>") + " SPECIAL",
                        hex("</s>") + " SPECIAL",
                        "41 BYTE",
                        "41 NORMAL",
                        hex(" 日") + " NORMAL",
                        " EMPTY",
                        "ff BYTE",
                        "2020 NORMAL");
    }

    @Test
    void twoIdsMayHaveTheSameBytes() {
        assertThat(read(SENTENCE_PIECE).idsOf(new byte[] {'A'})).containsExactly(3, 4);
    }

    @Test
    void withoutByteFallbackAByteNameIsText() {
        String json = SENTENCE_PIECE
                .replace("\"byte_fallback\": true", "\"byte_fallback\": false")
                .replace("{\"type\": \"ByteFallback\"},", "");

        assertThat(lines(read(json)).toList().get(3)).isEqualTo(hex("<0x41>") + " NORMAL");
    }

    @Test
    void aUnigramModelIsReadByPosition() {
        Vocabulary vocabulary = read("""
                {"added_tokens": [{"id": 0, "content": "<s>", "special": true}],
                 "pre_tokenizer": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"},
                 "decoder": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "always"},
                 "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<s>", 0.0], ["_a", -1.5], ["▁", -2]]}}
                """);

        assertThat(lines(vocabulary)).containsExactly(hex("<s>") + " SPECIAL", "2061 NORMAL", hex("▁") + " NORMAL");
        assertThat(vocabulary.dummyPrefix()).isEqualTo(new byte[] {' '});
    }

    @Test
    void aPieceMayHaveTheNameOfASkippedProperty() {
        Vocabulary vocabulary = read(BYTE_LEVEL.replace("\"a\": 1", "\"merges\": 1"));

        assertThat(vocabulary.bytes(1)).asString(UTF_8).isEqualTo("merges");
    }

    @Test
    void theOldestFormWithoutAModelTypeIsRead() {
        assertThat(lines(read(BYTE_LEVEL.replace("\"type\": \"BPE\",", "\"end_of_word_suffix\": \"\","))))
                .isEqualTo(lines(read(BYTE_LEVEL)).toList());
    }

    @Test
    void aGzippedFileIsReadWhateverItsName() throws IOException {
        Path file = directory.resolve("tokenizer.json");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write(BYTE_LEVEL.getBytes(UTF_8));
        }

        assertThat(VocabularyReader.fromTokenizerFile(file).fingerprint())
                .isEqualTo(read(BYTE_LEVEL).fingerprint());
    }

    @Test
    void everyTokenOfGpt2ComesBackFromItsWrittenForm() throws Exception {
        Vocabulary recorded = RecordedVocabulary.read(Path.of(TokenizerFileTest.class
                .getResource("/conformance/vocab-gpt2.json")
                .toURI()));
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode();
        json.putObject("decoder").put("type", "ByteLevel");
        ObjectNode pieces = json.putObject("model").putObject("vocab");
        for (int id = 0; id < recorded.size(); id++) {
            pieces.put(ByteLevelAlphabetTest.written(recorded.bytes(id)), id);
        }

        Vocabulary vocabulary = read(mapper.writeValueAsString(json));

        assertThat(vocabulary.size()).isEqualTo(50_257);
        for (int id = 0; id < recorded.size(); id++) {
            assertThat(vocabulary.bytes(id)).as("token %d", id).isEqualTo(recorded.bytes(id));
        }
    }

    static Stream<Arguments> dummyPrefixes() {
        String llama = "{\"type\": \"Prepend\", \"prepend\": \"▁\"}";
        return Stream.of(
                Arguments.of(llama, "null", " "),
                Arguments.of(
                        "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"NFC\"}, " + llama + "]}", "null", " "),
                Arguments.of("null", "null", ""),
                Arguments.of(
                        "{\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"▁\"}", "null", ""),
                Arguments.of("null", metaspace("\"prepend_scheme\": \"first\""), " "),
                Arguments.of("null", metaspace("\"prepend_scheme\": \"always\""), " "),
                Arguments.of("null", metaspace("\"prepend_scheme\": \"never\""), ""),
                Arguments.of("null", metaspace("\"prepend_scheme\": \"never\", \"add_prefix_space\": true"), ""),
                Arguments.of("null", metaspace("\"add_prefix_space\": true"), " "),
                Arguments.of("null", metaspace("\"add_prefix_space\": false"), ""),
                Arguments.of("null", metaspace("\"split\": false"), " "),
                Arguments.of("null", "{\"type\": \"ByteLevel\", \"add_prefix_space\": true}", " "),
                Arguments.of("null", "{\"type\": \"ByteLevel\", \"add_prefix_space\": false}", ""));
    }

    private static String metaspace(String options) {
        return "{\"type\": \"Metaspace\", \"replacement\": \"▁\", " + options + "}";
    }

    @ParameterizedTest
    @MethodSource("dummyPrefixes")
    void theDummyPrefixIsWhatTheTokenizerPutsBeforeAText(String normalizer, String preTokenizer, String expected) {
        Vocabulary vocabulary = read("""
                {"normalizer": %s, "pre_tokenizer": %s, "decoder": {"type": "ByteFallback"},
                 "model": {"type": "BPE", "vocab": {"a": 0}}}
                """.formatted(normalizer, preTokenizer));

        assertThat(vocabulary.dummyPrefix()).asString(UTF_8).isEqualTo(expected);
    }

    static Stream<Arguments> likelyBosTokens() {
        return Stream.of(
                Arguments.of("the template's first token", SENTENCE_PIECE, 1),
                Arguments.of("a usual name", BYTE_LEVEL, 0),
                Arguments.of("the next usual name", BYTE_LEVEL.replace("endoftext", "nothing"), 6),
                Arguments.of(
                        "token 0, if nothing tells",
                        BYTE_LEVEL.replace("endoftext", "nothing").replace("im_start", "none"),
                        0),
                Arguments.of(
                        "a usual name, if the template begins with the text",
                        SENTENCE_PIECE.replace("{\"SpecialToken\": {\"id\": \"<s>\", \"type_id\": 0}}, ", ""),
                        1),
                Arguments.of(
                        "a template in a sequence",
                        SENTENCE_PIECE
                                .replace(
                                        "{\"type\": \"TemplateProcessing\"",
                                        "{\"type\": \"Sequence\", \"processors\": ["
                                                + "{\"type\": \"ByteLevel\"}, {\"type\": \"TemplateProcessing\"")
                                .replace("[\"<s>\"]}}},", "[\"<s>\"]}}}]},")
                                .replace("\"ids\": [1]", "\"ids\": [2]"),
                        2));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("likelyBosTokens")
    void aTokenizerAloneBeginsWith(String what, String json, int expected) {
        assertThat(read(json).bosToken()).isEqualTo(expected);
    }
}
