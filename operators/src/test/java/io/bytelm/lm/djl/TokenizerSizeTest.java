package io.bytelm.lm.djl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.checkpoint.StoredType;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.ModelVocabulary;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.TokenizerSummary;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model whose tokenizer has more ids than it has rows, or fewer. */
class TokenizerSizeTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int END = 0;

    @TempDir
    Path directory;

    private int rows;

    @BeforeEach
    void writeModel() throws IOException {
        ObjectNode config =
                (ObjectNode) JSON.readTree(Objects.requireNonNull(getClass().getResource("/random-models/llama3.json")))
                        .get("config");
        rows = config.get("vocab_size").asInt();
        new RandomCheckpoint(config).write(directory, StoredType.F32);
    }

    /** The end, a printable character a piece, and an added token. */
    private void writeTokenizer(int pieces, String tokenizerConfig) throws IOException {
        ObjectNode tokenizer = JSON.createObjectNode();
        tokenizer.putObject("decoder").put("type", "ByteLevel");
        ObjectNode vocab = tokenizer
                .putObject("model")
                .put("type", "BPE")
                .putObject("vocab")
                .put("<|end|>", END);
        for (int id = 1; id < pieces; id++) {
            vocab.put(Character.toString(' ' + id), id);
        }
        ObjectNode added = tokenizer.putArray("added_tokens").addObject();
        added.put("id", pieces).put("content", "[PAD]").put("special", true);
        Files.writeString(directory.resolve("tokenizer.json"), tokenizer.toString());
        Files.writeString(directory.resolve("tokenizer_config.json"), tokenizerConfig);
    }

    private double[] massesOfBytes(Vocabulary vocabulary) {
        DjlModelSettings settings = DjlModelSettings.of(directory);
        try (EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                vocabulary, order -> DjlLanguageModel.open(settings, order), ServiceSettings.defaults())) {
            Expansion atRoot = service.expand(
                            new ExpandRequest(TokenContext.startingWith(END), new byte[0], new int[0], 0))
                    .join();
            return Objects.requireNonNull(atRoot.rows()[0]);
        }
    }

    private float[] probabilitiesOfRows() {
        try (DjlLanguageModel model = DjlLanguageModel.open(DjlModelSettings.of(directory))) {
            return model.nextTokenProbabilities(List.of(TokenContext.startingWith(END)))[0];
        }
    }

    private static void assertMassesOfFirstBytes(double[] logMasses, Vocabulary vocabulary, float[] probabilities) {
        double[] expected = new double[256];
        for (int id = 0; id < probabilities.length; id++) {
            if (vocabulary.bytes(id).length > 0) {
                expected[vocabulary.bytes(id)[0] & 0xFF] += probabilities[id];
            }
        }
        for (int b = 0; b < 256; b++) {
            assertThat(Math.exp(logMasses[b])).as("byte %d", b).isCloseTo(expected[b], within(1e-6));
        }
    }

    @Test
    void tokensWithoutARowHaveNoMassAndAreSaid() throws IOException {
        writeTokenizer(rows, """
                {"bos_token": "<|end|>", "added_tokens_decoder": {"%d": {"content": "<image>", "special": true}}}
                """.formatted(rows + 1));
        ModelVocabulary read = VocabularyReader.read(directory, null);

        assertThat(read.tokenizer()).isEqualTo(new TokenizerSummary("byte-level BPE", rows + 2, 2, 3));
        assertThat(read.vocabulary().size()).isEqualTo(rows);
        assertThat(read.vocabulary().idsOf("[PAD]".getBytes(UTF_8))).isEmpty();
        assertThat(read.notices())
                .containsExactly("the tokenizer has " + (rows + 2) + " ids, the model rows for " + rows
                        + " (vocab_size): 2 ids have no mass and can stand in no context: " + rows + " \"[PAD]\", "
                        + (rows + 1) + " \"<image>\"");
        assertMassesOfFirstBytes(massesOfBytes(read.vocabulary()), read.vocabulary(), probabilitiesOfRows());
    }

    @Test
    void rowsWithoutATokenHaveNoBytesAndKeepTheirProbability() throws IOException {
        int pieces = rows - 20;
        writeTokenizer(pieces, "{\"bos_token\": \"<|end|>\"}");
        ModelVocabulary read = VocabularyReader.read(directory, null);
        float[] probabilities = probabilitiesOfRows();
        double[] logMasses = massesOfBytes(read.vocabulary());

        assertThat(read.notices()).isEmpty();
        assertThat(read.tokenizer()).isEqualTo(new TokenizerSummary("byte-level BPE", pieces + 1, 0, 2));
        assertThat(read.vocabulary().kind(pieces)).isEqualTo(TokenKind.SPECIAL);
        double ofBytes = 0;
        double ofPadding = 0;
        for (int b = 0; b < 256; b++) {
            ofBytes += Math.exp(logMasses[b]);
        }
        for (int id = pieces + 1; id < rows; id++) {
            assertThat(read.vocabulary().kind(id)).isEqualTo(TokenKind.EMPTY);
            ofPadding += probabilities[id];
        }
        assertMassesOfFirstBytes(logMasses, read.vocabulary(), probabilities);
        assertThat(ofPadding).isGreaterThan(0.01);
        assertThat(ofBytes + ofPadding).isCloseTo(1, within(1e-5));
    }

    @Test
    void aBosTokenWithoutARowIsRefusedByName() throws IOException {
        writeTokenizer(rows, "{\"bos_token\": \"[PAD]\"}");

        assertThatThrownBy(() -> VocabularyReader.read(directory, null))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContainingAll("tokenizer_config.json", "\"[PAD]\"", String.valueOf(rows), "--bos");
        assertThatThrownBy(() -> VocabularyReader.read(directory, "[PAD]"))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContainingAll("--bos [PAD]", String.valueOf(rows));
        assertThat(VocabularyReader.read(directory, "<|end|>").vocabulary().bosToken())
                .isEqualTo(END);
    }

    @Test
    void anEndTokenWithoutARowEndsNothingAndIsSaid() throws IOException {
        writeTokenizer(rows, "{\"bos_token\": \"<|end|>\"}");
        Files.writeString(
                directory.resolve("generation_config.json"), "{\"eos_token_id\": [%d, %d]}".formatted(END, rows));
        ModelVocabulary read = VocabularyReader.read(directory, null);

        assertThat(read.vocabulary().eosTokens()).containsExactly(END);
        assertThat(read.notices()).anyMatch(notice -> notice.startsWith("the EOS token " + rows + " \"[PAD]\""));
    }
}
