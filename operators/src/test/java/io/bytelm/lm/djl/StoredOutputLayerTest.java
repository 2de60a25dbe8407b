package io.bytelm.lm.djl;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.checkpoint.StoredType;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of an output layer that is stored though the configuration ties it to the embedding. */
class StoredOutputLayerTest {
    private final StringWriter heard = new StringWriter();
    private final Logger logger = (Logger) LogManager.getLogger(TokenMatrices.class);
    private final WriterAppender appender = WriterAppender.newBuilder()
            .setName("heard")
            .setLayout(PatternLayout.newBuilder().withPattern("%p %m%n").build())
            .setTarget(heard)
            .build();

    @TempDir
    Path directory;

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void listenNoMore() {
        logger.removeAppender(appender);
        appender.stop();
    }

    @Test
    void oneThatDiffersIsWarnedOfOnceAndBothAreNamed() throws IOException {
        open(true);
        assertThat(heard.toString().lines())
                .containsExactly(
                        "WARN the configuration ties the output layer to the embedding 'model.embed_tokens.weight',"
                                + " but the weights hold another one, 'lm_head.weight': that one is used, as transformers 5 does"
                                + " (4 would use the embedding)");
    }

    @Test
    void oneThatIsNotToBeTiedIsNot() throws IOException {
        open(false);
        assertThat(heard.toString()).isEmpty();
    }

    @Test
    void oneThatAnAdapterBringsIsNot() throws IOException {
        FamilyRecording recording = FamilyRecording.named(FamilyRecording.ADAPTERS, "llama-saved");
        recording
                .checkpoint(recording.config().put("tie_word_embeddings", true))
                .write(directory, StoredType.F32);
        recording.adapter(recording.adapterConfig()).writeAdapter(directory);
        DjlLanguageModel.open(DjlModelSettings.of(directory)).close();
        assertThat(heard.toString()).isEmpty();
    }

    private void open(boolean tied) throws IOException {
        FamilyRecording recording = FamilyRecording.named("llama-linear");
        recording
                .checkpoint(recording.config().put("tie_word_embeddings", tied))
                .write(directory, StoredType.F32);
        DjlLanguageModel.open(DjlModelSettings.of(directory)).close();
    }
}
