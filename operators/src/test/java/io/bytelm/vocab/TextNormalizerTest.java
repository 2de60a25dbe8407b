package io.bytelm.vocab;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.lm.BundledModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts as tokenizers 0.23.3 normalizes them, recorded. */
class TextNormalizerTest {
    private static final Path NAME = Path.of("tokenizer.json");
    private static JsonNode recorded;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = TextNormalizerTest.class.getResourceAsStream("/tokenizers/normalized-0.23.json")) {
            recorded = new ObjectMapper().readTree(in);
        }
    }

    private static TextNormalizer of(String normalizer, String addedTokens) {
        String json = "{\"normalizer\": " + normalizer + ", \"added_tokens\": " + addedTokens + "}";
        return TextNormalizer.ofTokenizerJson(json.getBytes(UTF_8), NAME);
    }

    private static void requireAsRecorded(TextNormalizer normalizer, JsonNode texts, String what) {
        assertThat(texts).hasSizeGreaterThan(30);
        for (JsonNode pair : texts) {
            byte[] text = pair.get(0).asText().getBytes(UTF_8);
            assertThat(new String(normalizer.normalized(text), UTF_8))
                    .as("%s of %s", what, pair.get(0))
                    .isEqualTo(pair.get(1).asText());
        }
    }

    @Test
    void eachStepIsTheLibrarys() {
        for (JsonNode one : recorded.path("normalizers")) {
            String normalizer = one.path("normalizer").toString();
            requireAsRecorded(of(normalizer, "[]"), one.path("texts"), normalizer);
        }
    }

    @Test
    void whatStandsBetweenAddedTokensIsNormalizedByItself() {
        JsonNode added = recorded.path("added");
        TextNormalizer normalizer = of(
                added.path("normalizer").toString(),
                "[{\"content\": \"" + added.path("content").asText() + "\", \"normalized\": false}]");
        requireAsRecorded(normalizer, added.path("texts"), "with an added token");
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] text = "e\u0301\u00ffA".getBytes(UTF_8);
        byte[] broken = new String(text, ISO_8859_1)
                .replace("\u00c3\u00bf", "\u00ff\u00c3")
                .getBytes(ISO_8859_1);

        assertThat(of("{\"type\": \"NFC\"}", "[]").normalized(broken))
                .isEqualTo(new byte[] {(byte) 0xC3, (byte) 0xA9, (byte) 0xFF, (byte) 0xC3, 'A'});
    }

    @Test
    void howSpacesAreWrittenShowsInNoText() {
        TextNormalizer llama2 = of(
                "{\"type\": \"Sequence\", \"normalizers\": [{\"type\": \"Prepend\", \"prepend\": \"\u2581\"},"
                        + " {\"type\": \"Replace\", \"pattern\": {\"String\": \" \"}, \"content\": \"\u2581\"}]}",
                "[]");

        assertThat(new String(llama2.normalized("two words".getBytes(UTF_8)), UTF_8))
                .isEqualTo("two words");
        assertThat(TextNormalizer.ofModelDirectory(BundledModel.directory()).normalized(new byte[] {'A', (byte) 0x80}))
                .containsExactly('A', 0x80);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '#',
            value = {
                "{\"type\": \"Nmt\"} # removes control characters",
                "{\"type\": \"Precompiled\", \"precompiled_charsmap\": \"\"} # SentencePiece's own table",
                "{\"type\": \"Replace\", \"pattern\": {\"Regex\": \" {2,}\"}, \"content\": \" \"} # what matches",
                "{\"type\": \"Prepend\", \"prepend\": \"x\"} # puts \"x\" before",
                "{\"type\": \"Odd\"} # does Odd"
            })
    void aStepThatIsNotDoneIsNamed(String step, String phrase) {
        assertThatThrownBy(() -> of(step, "[]"))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining("tokenizer.json: its normalizer")
                .hasMessageContaining(phrase);
    }
}
