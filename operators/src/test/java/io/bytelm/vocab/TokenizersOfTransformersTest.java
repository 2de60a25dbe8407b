package io.bytelm.vocab;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.vocab.NamedTokens.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tokens we make of a tokenizer's files, against what transformers made of the same ones, drawn at random. */
class TokenizersOfTransformersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static JsonNode recording;

    @TempDir
    Path directory;

    @BeforeAll
    static void readRecording() throws IOException {
        try (InputStream in =
                TokenizersOfTransformersTest.class.getResourceAsStream("/tokenizers/transformers-5.24.json")) {
            recording = JSON.readTree(in);
        }
    }

    private Tokenizer read(JsonNode drawn, Path place) {
        ObjectNode tokenizer =
                recording.path("bases").path(drawn.path("base").asText()).deepCopy();
        drawn.path("replaced").properties().forEach(e -> tokenizer.set(e.getKey(), e.getValue()));
        TokenizerFiles.write(place, "tokenizer.json", tokenizer.toString());
        drawn.path("files")
                .properties()
                .forEach(e ->
                        TokenizerFiles.write(place, e.getKey(), e.getValue().toString()));
        return Tokenizer.of(TokenizerFile.read(place.resolve("tokenizer.json")), TokenizerSettings.in(place));
    }

    /** One line a token: its id, its bytes in hex and its kind. */
    private static String lines(Tokenizer tokenizer) {
        return IntStream.range(0, tokenizer.size())
                .filter(id -> tokenizer.tokens().get(id) != Token.EMPTY)
                .mapToObj(id -> line(id, tokenizer.tokens().get(id)))
                .collect(joining("\n"));
    }

    private static String line(int id, Token token) {
        return id + " " + HexFormat.of().formatHex(token.bytes()) + " " + token.kind();
    }

    private static String expectedLines(JsonNode drawn) {
        boolean byteLevel = drawn.path("base").asText().equals("byte-level");
        PieceDecoder decoder = byteLevel ? new PieceDecoder.ByteLevel() : new PieceDecoder.SentencePiece("▁", true);
        JsonNode pieces = recording
                .path("bases")
                .path(drawn.path("base").asText())
                .path("model")
                .path("vocab");
        return drawn.path("tokens").properties().stream()
                .map(e -> {
                    String kind = e.getValue().asText().substring(0, 1);
                    String content = e.getValue().asText().substring(1);
                    Token token = kind.equals("S")
                            ? Token.named(content, TokenKind.SPECIAL)
                            : pieces.has(content)
                                    ? Objects.requireNonNull(decoder.decode(content))
                                    : Token.named(content, TokenKind.NORMAL);
                    return line(Integer.parseInt(e.getKey()), token);
                })
                .collect(joining("\n"));
    }

    @Test
    void everyTokenHasTheIdTheBytesAndTheKindThatTransformersGivesIt() {
        Set<String> classes = new TreeSet<>();
        int cases = 0;
        for (JsonNode drawn : recording.path("cases")) {
            Path place = TokenizerFiles.directory(directory, "case-" + cases++);
            assertThat(lines(read(drawn, place))).as(drawn.toString()).isEqualTo(expectedLines(drawn));
            classes.add(drawn.path("made").asText());
        }
        assertThat(cases).isEqualTo(200);
        assertThat(classes)
                .containsExactly(
                        "CodeGenTokenizer",
                        "CodeLlamaTokenizer",
                        "CohereTokenizer",
                        "GPT2Tokenizer",
                        "GPTNeoXTokenizer",
                        "GemmaTokenizer",
                        "LlamaTokenizer",
                        "Qwen2Tokenizer",
                        "TokenizersBackend");
    }

    @Test
    void tokensAreCountedWhicheverFileNamesThem() {
        int cases = 0;
        int beside = 0;
        for (JsonNode drawn : recording.path("cases")) {
            Tokenizer tokenizer = read(drawn, TokenizerFiles.directory(directory, "case-" + cases++));
            JsonNode made = drawn.path("tokens");
            long added = made.properties().stream()
                    .filter(token -> !token.getValue().asText().startsWith("P"))
                    .count();
            long beyond = made.properties().stream()
                    .filter(token -> Integer.parseInt(token.getKey()) >= 4)
                    .count();
            String kind = drawn.path("base").asText().equals("byte-level") ? "byte-level BPE" : "SentencePiece BPE";
            assertThat(tokenizer.summary(4))
                    .as(drawn.toString())
                    .isEqualTo(new TokenizerSummary(kind, made.size(), (int) beyond, (int) added));
            beside += drawn.path("files").isEmpty() ? 0 : 1;
        }
        assertThat(beside).isGreaterThan(cases / 2);
    }

    @Test
    void aSpaceComesBeforeATextWhereTransformersPutsOne() {
        int cases = 0;
        int spaces = 0;
        for (JsonNode drawn : recording.path("cases")) {
            Path place = TokenizerFiles.directory(directory, "case-" + cases++);
            boolean space = drawn.path("prefix").asBoolean();
            assertThat(read(drawn, place).dummyPrefix())
                    .as(drawn.toString())
                    .containsExactly(space ? new byte[] {' '} : new byte[0]);
            spaces += space ? 1 : 0;
        }
        assertThat(spaces).isBetween(cases / 4, 3 * cases / 4);
    }

    /** A name that only the class has, and no file as a token, is none that a model knows. */
    @Test
    void theBosTokenIsThatOfTransformersWhereAFileOrTheVocabularyHasIt() {
        int cases = 0;
        int named = 0;
        for (JsonNode drawn : recording.path("cases")) {
            Path place = TokenizerFiles.directory(directory, "case-" + cases++);
            Tokenizer tokenizer = read(drawn, place);
            Role role = tokenizer.role("bos_token");
            JsonNode expected = drawn.path("bos");
            if (role == null) {
                String made = drawn.path("tokens").path(expected.asText()).asText();
                assertThat(made).as(drawn.toString()).isIn("", "S<bos>", "S<s>", "S<|endoftext|>", "S<BOS_TOKEN>");
            } else {
                assertThat(tokenizer.idOf(role.token().content()))
                        .as(drawn.toString())
                        .isEqualTo(expected.asInt());
                named++;
            }
        }
        assertThat(named).isGreaterThan(cases / 3);
    }

    @Test
    void aClassThatReadsOtherPiecesThanTheFileHasIsRefused() {
        for (String[] mixed : new String[][] {{"byte-level", "GemmaTokenizer"}, {"sentence-piece", "GPT2Tokenizer"}}) {
            ObjectNode drawn = JSON.createObjectNode().put("base", mixed[0]);
            drawn.putObject("files").putObject("tokenizer_config.json").put("tokenizer_class", mixed[1]);

            assertThatThrownBy(() -> read(drawn, directory))
                    .isInstanceOf(VocabularyException.class)
                    .hasMessageContainingAll("tokenizer.json", "tokenizer_config.json", "PreTrainedTokenizerFast");
        }
    }

    @Test
    void anIdThatTwoTokensWouldHaveIsRefused() {
        ObjectNode drawn = JSON.createObjectNode().put("base", "byte-level");
        ObjectNode replaced = drawn.putObject("replaced");
        replaced.putObject("model")
                .put("type", "BPE")
                .putObject("vocab")
                .put("a", 0)
                .put("b", 2)
                .put("c", 3);
        ArrayNode added = replaced.putArray("added_tokens");
        added.addObject().put("id", 4).put("content", "<x>").put("special", true);
        drawn.putObject("files");

        assertThatThrownBy(() -> read(drawn, directory))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContainingAll("tokenizer.json", "id 3 is both \"c\" and \"<x>\"");
    }
}
