package io.bytelm.job.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.job.UserException;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadableDocumentsTest {
    @TempDir
    Path directory;

    @Test
    void documentsWithAByteWithoutTokenAreLeftOutOfCanonicalMeasurements() throws IOException {
        Path file = Files.writeString(directory.resolve("tokenizer.json"), """
                {"version": "1.0", "added_tokens": [], "normalizer": null,
                 "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "use_regex": true},
                 "post_processor": null, "decoder": {"type": "ByteLevel"},
                 "model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}
                """);
        CanonicalRules rules = CanonicalRulesReader.fromTokenizerFile(file, VocabularyReader.fromTokenizerFile(file));
        List<byte[]> documents = Stream.of("ab", "a\u001db", "bb", "c")
                .map(text -> text.getBytes(UTF_8))
                .toList();

        assertThat(CanonicalMeasurements.readable(rules, documents))
                .containsExactly(documents.get(0), documents.get(2));
        assertThatThrownBy(() -> CanonicalMeasurements.readable(rules, documents.subList(3, 4)))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("each of the 1 documents")
                .hasMessageContaining("bytelm vocab --bytes-without-token");
    }
}
