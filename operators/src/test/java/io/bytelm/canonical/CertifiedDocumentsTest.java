package io.bytelm.canonical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The bundled model on English documents: what is certified where work is deferred, against the exact sum. */
class CertifiedDocumentsTest {
    private static final int DOCUMENTS = 20;
    private static final int BYTES = Integer.getInteger("certified.bytes", 90);

    /** Contexts in one batch and in another differ by so much. */
    private static final double NUMERICAL_NATS = 1e-3;

    private static EmbeddedTrieLmService service;
    private static CanonicalRules rules;
    private static byte[] text;

    @BeforeAll
    static void openTheBundledModel() throws IOException {
        Path directory = BundledModel.directory();
        Vocabulary vocabulary = VocabularyReader.fromModelDirectory(directory);
        rules = CanonicalRulesReader.fromModelDirectory(directory, vocabulary);
        DjlModelSettings settings = DjlModelSettings.of(directory).withThreads(1);
        service = EmbeddedTrieLmService.open(
                vocabulary, order -> DjlLanguageModel.open(settings, order), ServiceSettings.defaults());
        text = Files.readAllBytes(Path.of(System.getProperty("certified.text", "../LICENSE")));
    }

    @AfterAll
    static void close() {
        service.close();
    }

    private static CanonicalTree before(double defer) {
        return CanonicalTree.initial(rules, new CanonicalParams(defer, new int[0]), EosMode.WITH_EOS);
    }

    @Test
    void theExactValueLiesInTheIntervalAtEveryByte() {
        ServiceAnswers answers = new ServiceAnswers(service);
        double widest = 0;
        for (int document = 0; document < DOCUMENTS; document++) {
            int from = document * (text.length - BYTES) / DOCUMENTS;
            byte[] bytes = Arrays.copyOfRange(text, from, from + BYTES);
            CanonicalTree exact = before(0);
            CanonicalTree little = before(0.05);
            CanonicalTree much = before(0.2);
            for (int at = 0; at < BYTES; at++) {
                Lookahead known = Lookahead.of(bytes, at);
                exact = exact.advance(known).run(answers);
                little = little.advance(known).run(answers);
                much = much.advance(known).run(answers);
                double truth = exact.logProb().logLower();
                for (CanonicalTree tree : new CanonicalTree[] {little, much}) {
                    Certified certified = tree.logProb();
                    assertThat(truth)
                            .as(
                                    "document %d, byte %d, defer %s",
                                    document, at, tree.params().defer())
                            .isBetween(certified.logLower() - NUMERICAL_NATS, certified.logUpper() + NUMERICAL_NATS);
                    widest = Math.max(widest, certified.logUpper() - certified.logLower());
                }
                assertThat(exact.logProb().logUpper()).isCloseTo(truth, within(1e-9));
            }
        }
        assertThat(widest).as("something was deferred").isBetween(0.01, 1.0);
    }
}
