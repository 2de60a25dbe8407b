package io.bytelm.vocab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.BundledModel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalizerDescriptionTest {
    @TempDir
    Path directory;

    private String phrase(String normalizer) {
        String json = "{\"normalizer\": %s, \"model\": {\"vocab\": {\"a\": 0}}}".formatted(normalizer);
        TokenizerFiles.write(directory, "tokenizer.json", json);
        return NormalizerDescription.ofModelDirectory(directory).phrase();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "null ; changes nothing",
                "{'type': 'ByteLevel'} ; changes nothing",
                "{'type': 'Replace', 'pattern': {'String': ' '}, 'content': '▁'} ; changes nothing",
                "{'type': 'Strip', 'strip_left': false, 'strip_right': false} ; changes nothing",
                "{'type': 'NFC'} ; composes characters (NFC)",
                "{'type': 'Prepend', 'prepend': '▁'} ; puts \" \" before the text",
                "{'type': 'Replace', 'pattern': {'Regex': '\\\\s+'}, 'content': ' '}"
                        + " ; replaces what matches \"\\\\s+\" by \" \"",
                "{'type': 'Replace', 'pattern': {'String': '\\n'}, 'content': ''} ; removes \"\\n\"",
                "{'type': 'Strip', 'strip_left': true, 'strip_right': false} ; removes white space at the start",
                "{'type': 'BertNormalizer', 'clean_text': false, 'handle_chinese_chars': false, 'strip_accents': null,"
                        + " 'lowercase': true} ; removes accents, makes letters lower case",
                "{'type': 'BertNormalizer', 'clean_text': false, 'handle_chinese_chars': false, 'strip_accents': null,"
                        + " 'lowercase': false} ; changes nothing",
                "{'type': 'FutureStep'} ; does FutureStep",
            })
    void aNormalizerIsDescribedInOnePhrase(String normalizer, String phrase) {
        assertThat(phrase(normalizer.replace('\'', '"'))).isEqualTo(phrase);
    }

    @Test
    void theStepsOfASequenceAreNamedInTheirOrder() {
        assertThat(phrase("""
                {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Sequence", "normalizers": [
                  {"type": "Lowercase"}, {"type": "StripAccents"}]}, {"type": "ByteLevel"}]}
                """))
                .isEqualTo("composes characters and replaces compatible ones (NFKC), makes letters lower case,"
                        + " removes accents");
    }

    @Test
    void theBundledModelsNormalizerChangesNothing() {
        assertThat(NormalizerDescription.ofModelDirectory(BundledModel.directory())
                        .phrase())
                .isEqualTo("changes nothing");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> NormalizerDescription.ofModelDirectory(directory))
                .isInstanceOf(VocabularyException.class)
                .hasMessageContaining("tokenizer.json: no such file");
    }
}
