package io.bytelm.vocab;

import static io.bytelm.vocab.TokenizerFiles.BYTE_LEVEL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which token contexts begin with, where the files say little and where the user says it. */
class BosTest {
    private static final String NOBODY =
            "none of tokenizer_config.json, config.json and generation_config.json names a BOS token";

    @TempDir
    Path directory;

    private ModelVocabulary read(String config, @Nullable String bos) {
        TokenizerFiles.write(directory, "tokenizer.json", BYTE_LEVEL);
        TokenizerFiles.write(directory, "config.json", config);
        return VocabularyReader.read(directory, bos);
    }

    @Test
    void whereNobodyNamesABosTokenContextsBeginWithTheEndAndThatIsSaid() {
        ModelVocabulary read = read("{\"vocab_size\": 8, \"eos_token_id\": 6}", null);

        assertThat(read.vocabulary().bosToken()).isEqualTo(6);
        assertThat(read.notices())
                .containsExactly(NOBODY + ": contexts begin with EOS, 6 \"<|im_start|>\"; --bos gives another token");
    }

    @Test
    void withoutAnEndEitherTheUserHasToSay() {
        assertThatThrownBy(() -> read("{\"vocab_size\": 8}", null))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContainingAll("config.json", NOBODY, "--bos");
        assertThat(read("{\"vocab_size\": 8}", "a").vocabulary().bosToken()).isEqualTo(1);
    }

    @Test
    void theGenerationConfigurationMayNameIt() {
        TokenizerFiles.write(directory, "generation_config.json", "{\"bos_token_id\": 3, \"eos_token_id\": 2}");
        ModelVocabulary read = read("{\"vocab_size\": 8, \"eos_token_id\": 6}", null);

        assertThat(read.vocabulary().bosToken()).isEqualTo(3);
        assertThat(read.notices()).isEmpty();
    }

    @Test
    void aClassOfTransformersHasANameOfItsOwnForIt() {
        ModelVocabulary read = read("{\"vocab_size\": 8, \"model_type\": \"gpt2\", \"bos_token_id\": 1}", null);

        assertThat(read.vocabulary().bosToken()).isZero();
    }

    @ParameterizedTest(name = "--bos {0} is {1}")
    @CsvSource({"<|im_start|>, 6", "6, 6", "a, 1", "7, 7", "Ġ, 2"})
    void theUserGivesANameOrAnId(String bos, int id) {
        ModelVocabulary read = read("{\"vocab_size\": 8, \"bos_token_id\": 0}", bos);

        assertThat(read.vocabulary().bosToken()).isEqualTo(id);
        assertThat(read.notices()).isEmpty();
    }

    @Test
    void theFingerprintIsOfTheBosTokenThatHolds() {
        String config = "{\"vocab_size\": 8, \"bos_token_id\": 0}";
        long named = read(config, null).vocabulary().fingerprint();

        assertThat(read(config, "0").vocabulary().fingerprint()).isEqualTo(named);
        assertThat(read(config, "1").vocabulary().fingerprint()).isNotEqualTo(named);
    }

    @ParameterizedTest(name = "--bos {0}: {1}")
    @CsvSource({
        "nonsuch, no token of",
        "8, the model has rows for 8 tokens only",
        "99999999999, no token of",
        "none, a model says nothing of what follows no token"
    })
    void whatTheModelDoesNotHaveIsRefused(String bos, String message) {
        assertThatThrownBy(() -> read("{\"vocab_size\": 8, \"bos_token_id\": 0}", bos))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContainingAll("--bos " + bos, message)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }
}
