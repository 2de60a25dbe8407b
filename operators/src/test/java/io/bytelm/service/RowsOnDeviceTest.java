package io.bytelm.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.TokenContext;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.RowPlacement;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bundled model's rows stay with the engine, on the CPU here, and the service's answers are the same. */
@Timeout(120)
class RowsOnDeviceTest {
    private static final double NATS = 1e-4;
    private static final byte[] TEXT = ("When the rain had stopped, at last, they went out into the garden; nobody"
                    + " had been there for years, and the grass stood as high as the windows of the house.")
            .getBytes(StandardCharsets.UTF_8);
    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);

    @Test
    void answersAreThoseOfRowsOnTheHost() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        DjlModelSettings engine = DjlModelSettings.of(MODEL);
        ServiceSettings few = new ServiceSettings(16, 0, 20L * 4 * VOCABULARY.size(), 2).withoutSpeculation();
        try (TrieLmService host = open(engine.withRows(RowPlacement.HOST), few);
                EmbeddedTrieLmService device = open(engine.withRows(RowPlacement.DEVICE), few)) {
            for (int wave = 0; wave < 6; wave++) {
                List<ExpandRequest> asked = new ArrayList<>();
                List<CompletableFuture<Expansion>> answers = new ArrayList<>();
                for (int i = 0; i < 60; i++) {
                    ExpandRequest request = request(random);
                    asked.add(request);
                    answers.add(device.expand(request));
                }
                for (int i = 0; i < answers.size(); i++) {
                    Expansion expected = host.expand(asked.get(i)).get();
                    ExpansionAssert.assertSame(answers.get(i).get(), expected, NATS, "seed " + seed);
                }
            }
            assertThat(device.deviceMemory()).as("the CPU has none of its own").isNull();
            assertThat(device.statistics().cachedBytes()).isLessThanOrEqualTo(few.cacheBytes());
        }
    }

    private static EmbeddedTrieLmService open(DjlModelSettings engine, ServiceSettings settings) {
        return EmbeddedTrieLmService.open(VOCABULARY, order -> DjlLanguageModel.open(engine, order), settings);
    }

    private static ExpandRequest request(Random random) {
        TokenContext context = TokenContext.startingWith(VOCABULARY.bosToken());
        for (int more = random.nextInt(4); more > 0; more--) {
            context = context.plus(random.nextInt(12));
        }
        int from = random.nextInt(TEXT.length);
        byte[] path = Arrays.copyOfRange(TEXT, from, Math.min(TEXT.length, from + random.nextInt(30)));
        int[] eos = random.nextBoolean() ? new int[0] : new int[] {random.nextInt(VOCABULARY.size())};
        int rowsFrom = random.nextBoolean() ? ExpandRequest.NO_ROWS : random.nextInt(3);
        return new ExpandRequest(context, path, eos, rowsFrom, random.nextBoolean());
    }
}
