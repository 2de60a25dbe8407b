package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.BundledModel;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The bundled model's vocabulary, against well-known ids and against what the reference recorded with it. */
class BundledVocabularyTest {
    private static Vocabulary vocabulary;

    @BeforeAll
    static void readVocabulary() {
        vocabulary = VocabularyReader.fromModelDirectory(BundledModel.directory());
    }

    @Test
    void bosEosAndSizeAreThoseOfTheModelsCard() {
        assertThat(vocabulary.size()).isEqualTo(4096);
        assertThat(vocabulary.bosToken()).isZero();
        assertThat(vocabulary.eosTokens()).containsExactly(0);
        assertThat(vocabulary.dummyPrefix()).isEmpty();
        assertThat(vocabulary.bytes(0)).asString(UTF_8).isEqualTo("<|endoftext|>");
        assertThat(vocabulary.kind(0)).isEqualTo(TokenKind.SPECIAL);
    }

    @ParameterizedTest
    @CsvSource({"1, 21", "95, a1", "188, ff", "189, 00", "221, 20", "300, 6f6d", "1000, 656e6572", "4095, 72657368"})
    void wellKnownIdsHaveTheirBytes(int id, String hex) {
        assertThat(HexFormat.of().formatHex(vocabulary.bytes(id))).isEqualTo(hex);
        assertThat(vocabulary.idsOf(HexFormat.of().parseHex(hex))).containsExactly(id);
    }

    @Test
    void everyByteIsAToken() {
        for (int b = 0; b < 256; b++) {
            assertThat(vocabulary.idsOf(new byte[] {(byte) b})).as("byte %d", b).hasSize(1);
        }
    }

    @Test
    void theReferencesCandidatesSpellTheirPrefix() throws Exception {
        int candidates = 0;
        try (InputStream in = BundledVocabularyTest.class.getResourceAsStream("/tiny-en-reference/next.jsonl")) {
            for (String line : new String(in.readAllBytes(), UTF_8).split("\n")) {
                JsonNode reference = new ObjectMapper().readTree(line);
                for (JsonNode candidate : reference.get("candidates")) {
                    assertThat(HexFormat.of().formatHex(spelled(candidate)))
                            .isEqualTo(reference.get("prefix").asText());
                    candidates++;
                }
            }
        }
        assertThat(candidates).isPositive();
    }

    private static byte[] spelled(JsonNode candidate) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JsonNode tokens = candidate.get("tokens");
        for (int i = 1; i < tokens.size(); i++) { // after BOS
            bytes.writeBytes(vocabulary.bytes(tokens.get(i).asInt()));
        }
        bytes.writeBytes(HexFormat.of().parseHex(candidate.get("partial").asText()));
        return bytes.toByteArray();
    }
}
