package io.bytelm.vocab;

import static io.bytelm.vocab.TokenizerFiles.BYTE_LEVEL;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelDirectoryTest {
    @TempDir
    Path directory;

    private Vocabulary read(String tokenizer, String config, String tokenizerConfig) {
        TokenizerFiles.write(directory, "tokenizer.json", tokenizer);
        TokenizerFiles.write(directory, "config.json", config);
        if (!tokenizerConfig.isEmpty()) {
            TokenizerFiles.write(directory, "tokenizer_config.json", tokenizerConfig);
        }
        return VocabularyReader.fromModelDirectory(directory);
    }

    private void assertRefused(String config, String tokenizerConfig, String... parts) {
        assertThatThrownBy(() -> read(BYTE_LEVEL, config, tokenizerConfig))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContainingAll(parts)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void rowsBeyondTheTokenizerAreEmpty() {
        Vocabulary vocabulary = read(BYTE_LEVEL, "{\"vocab_size\": 10, \"bos_token_id\": 0}", "");

        assertThat(vocabulary.size()).isEqualTo(10);
        assertThat(vocabulary.idsOf(new byte[0])).containsExactly(7, 8, 9);
        assertThat(vocabulary.kind(9)).isEqualTo(TokenKind.EMPTY);
        assertThat(vocabulary.kind(6)).isEqualTo(TokenKind.SPECIAL);
    }

    @Test
    void theRowsOfAWrapperAreThoseOfItsTextPart() {
        Vocabulary vocabulary = read(
                BYTE_LEVEL, "{\"text_config\": {\"vocab_size\": 9, \"bos_token_id\": 1}, \"eos_token_id\": 2}", "");

        assertThat(vocabulary.size()).isEqualTo(9);
        assertThat(vocabulary.bosToken()).isEqualTo(1);
        assertThat(vocabulary.eosTokens()).containsExactly(2);
    }

    @ParameterizedTest(name = "{0} and {1}: BOS {2}, EOS {3}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                // both files speak: the tokenizer's for BOS, the model's for EOS
                "{'vocab_size': 8, 'bos_token_id': 1, 'eos_token_id': 2} ; {'bos_token': 'a', 'eos_token': 'Ġ'} ; 1 ; 2",
                "{'vocab_size': 8, 'bos_token_id': 1, 'eos_token_id': [3, 2]} ; {'bos_token': {'content': '<|im_start|>'}}"
                        + " ; 6 ; 3 2",
                "{'vocab_size': 8, 'bos_token_id': [4, 1]} ; {'bos_token': null, 'eos_token': 'a'} ; 4 ; 1",
                "{'vocab_size': 8, 'bos_token_id': 3} ; {} ; 3 ; ``",
                // no BOS: EOS instead
                "{'vocab_size': 8, 'bos_token_id': null, 'eos_token_id': 2} ; {'eos_token': '<|im_start|>'} ; 6 ; 2",
                "{'vocab_size': 8, 'eos_token_id': [2, 3]} ; {'bos_token': null} ; 2 ; 2 3",
            })
    void bosAndEosComeFromTheConfiguration(String config, String tokenizerConfig, int bos, String eos) {
        Vocabulary vocabulary = read(BYTE_LEVEL, config.replace('\'', '"'), tokenizerConfig.replace('\'', '"'));

        assertThat(vocabulary.bosToken()).isEqualTo(bos);
        assertThat(vocabulary.eosTokens().stream().map(String::valueOf).collect(joining(" ")))
                .isEqualTo(eos);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"eos_token_id\": 3} ; 3",
                "{\"eos_token_id\": [4, 2]} ; 4 2",
                "{\"eos_token_id\": null} ; 1",
                "{} ; 1"
            })
    void whatEndsATextIsFirstSaidByTheGenerationConfiguration(String generationConfig, String eos) {
        TokenizerFiles.write(directory, "generation_config.json", generationConfig);
        Vocabulary vocabulary = read(BYTE_LEVEL, "{\"vocab_size\": 8, \"eos_token_id\": 1}", "{}");

        assertThat(vocabulary.eosTokens().stream().map(String::valueOf).collect(joining(" ")))
                .isEqualTo(eos);
        assertThat(vocabulary.bosToken()).isEqualTo(1);
    }

    @Test
    void anEndTokenThatIsNoTokenIsRefused() {
        TokenizerFiles.write(directory, "generation_config.json", "{\"eos_token_id\": [2, 8]}");
        assertRefused("{\"vocab_size\": 8, \"bos_token_id\": 0}", "{}", "generation_config.json", "eos_token_id 8");
    }

    @Test
    void contradictionsOfTheConfigurationAreRefused() {
        assertRefused("{\"vocab_size\": 8}", "{}", "bos_token_id");
        assertRefused(
                "{\"vocab_size\": 7}", "{\"bos_token\": \"<none>\"}", "\"<none>\"", "tokenizer_config.json", "--bos");
        assertRefused("{\"vocab_size\": 8}", "{\"bos_token\": 3}", "bos_token must be a token's name");
        assertRefused("{\"vocab_size\": 8, \"bos_token_id\": 8}", "{}", "bos_token_id 8", "config.json");
        assertRefused("{\"vocab_size\": 8, \"bos_token_id\": 0, \"eos_token_id\": [1, -1]}", "{}", "eos_token_id -1");
        assertRefused("{\"bos_token_id\": 0}", "{}", "vocab_size", "absent");
        assertRefused("{\"vocab_size\": \"8\"}", "{}", "vocab_size", "\"8\"");
        assertRefused("{\"vocab_size\": 8", "{}", "config.json", "ends in the middle");
        assertRefused(
                "{\"vocab_size\": 8, \"bos_token_id\": 0}", "{\"bos_to", "tokenizer_config.json", "ends in the middle");
    }

    @Test
    void missingFilesAreNamed() throws IOException {
        assertThatThrownBy(() -> VocabularyReader.fromModelDirectory(directory.resolve("absent")))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining(directory.resolve("absent").toString());
        assertThatThrownBy(() -> VocabularyReader.fromModelDirectory(directory))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining(directory.resolve("config.json") + ": no such file");
        Files.writeString(directory.resolve("config.json"), "{\"vocab_size\": 8}");
        assertThatThrownBy(() -> VocabularyReader.fromModelDirectory(directory))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining(directory.resolve("tokenizer.json") + ": no such file");
    }
}
