package io.bytelm.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.lm.canonical.CanonicalEncoding;
import io.bytelm.trie.ToyVocabulary;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the rules of canonical tokenizations come from, and that it is said why they do not come. */
class TokenizerRulesTest {
    private static final Vocabulary BUNDLED = VocabularyReader.fromModelDirectory(BundledModel.directory());

    @TempDir
    private Path directory;

    private TokenizerRules with(String from, String to) throws IOException {
        String json = Files.readString(BundledModel.directory().resolve("tokenizer.json"));
        assertThat(json).contains(from);
        Files.writeString(directory.resolve("tokenizer.json"), json.replace(from, to));
        return TokenizerRules.ofModelDirectory(directory, BUNDLED);
    }

    @Test
    void theRulesOfAModelDirectoryAreReadOnce() {
        TokenizerRules rules = TokenizerRules.ofModelDirectory(BundledModel.directory(), BUNDLED);

        assertThat(rules.get()).isSameAs(rules.get());
        assertThat(CanonicalEncoding.of(rules.get(), "The tale.".getBytes(UTF_8)))
                .isNotEmpty();
    }

    @Test
    void allWhoShareAServiceShareItsRules() {
        EmbeddedTrieLmService service = EmbeddedTrieLmService.open(
                BUNDLED,
                order -> new PortableModel(BUNDLED.size()),
                new CompletableFuture<>(),
                TokenizerRules.ofModelDirectory(BundledModel.directory(), BUNDLED),
                ServiceSettings.defaults().withoutSpeculation());
        try (TrieLmService one = SharedService.join("rules", () -> service);
                TrieLmService other = SharedService.join("rules", () -> service)) {
            assertThat(one.canonicalRules()).isSameAs(other.canonicalRules());
        }
    }

    @Test
    void aPatternThatIsNotFollowedIsNamedEachTime() throws IOException {
        TokenizerRules refused = with(
                "\"pre_tokenizer\": {\"type\": \"ByteLevel\"",
                "\"pre_tokenizer\": {\"type\": \"Split\", \"behavior\": \"Isolated\", \"pattern\": {\"Regex\":"
                        + " \"(?<=a)b\"}");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(refused::get)
                    .isInstanceOf(NoCanonicalTokenizationsException.class)
                    .hasMessageContaining("tokenizer.json")
                    .hasMessageContaining("pretokenizer Split");
        }
    }

    @Test
    void aFileThatCannotBeReadNowIsReadAnotherTime() throws IOException {
        Path file = directory.resolve("tokenizer.json");
        Files.createDirectory(file);
        TokenizerRules rules = TokenizerRules.ofModelDirectory(directory, BUNDLED);
        assertThatThrownBy(rules::get)
                .isInstanceOfSatisfying(
                        NoCanonicalTokenizationsException.class,
                        refusal -> assertThat(refusal.isLasting()).isFalse());

        Files.delete(file);
        Files.copy(BundledModel.directory().resolve("tokenizer.json"), file);
        assertThat(rules.get()).isSameAs(rules.get());
    }

    @Test
    void rulesThatTheLibraryDoesNotFollowAreNotOffered() throws IOException {
        Vocabulary others =
                VocabularyReader.fromModelDirectory(BundledModel.directory()).withoutDummyPrefix();
        String json = Files.readString(BundledModel.directory().resolve("tokenizer.json"));
        Files.writeString(
                directory.resolve("tokenizer.json"),
                json.replace(
                        "\"normalizer\": null", "\"normalizer\": {\"type\": \"Prepend\", \"prepend\": \"\u2581\"}"));

        assertThatThrownBy(
                        () -> TokenizerRules.ofModelDirectory(directory, others).get())
                .isInstanceOf(NoCanonicalTokenizationsException.class)
                .hasMessageContaining("to the tokenizer's library");
    }

    @Test
    void aServiceWithoutATokenizerSaysSo() {
        Vocabulary toy = ToyVocabulary.of("<s>", "a");
        try (EmbeddedTrieLmService service =
                EmbeddedTrieLmService.open(toy, order -> new PortableModel(toy.size()), ServiceSettings.defaults())) {
            assertThatThrownBy(service::canonicalRules)
                    .isInstanceOf(NoCanonicalTokenizationsException.class)
                    .hasMessageNotContaining("\n");
        }
    }
}
