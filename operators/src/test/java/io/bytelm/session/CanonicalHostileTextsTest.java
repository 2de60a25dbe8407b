package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.PortableModel;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.Tokenizations;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Any bytes at all, in the bundled tokenizer's canonical tokens, cut and stored anywhere. */
class CanonicalHostileTextsTest {
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(BundledModel.directory());
    private static final CanonicalRules RULES =
            CanonicalRulesReader.fromModelDirectory(BundledModel.directory(), VOCABULARY);
    private static final int TEXTS = 12;
    private static final int PARTS = 5;
    private static final double CLOSE = 1e-9;

    private final BruteForceTrieLmService service =
            new BruteForceTrieLmService(VOCABULARY, new PortableModel(VOCABULARY.size()));

    private ScoredSession session() {
        SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(Tokenizations.CANONICAL, 0);
        RulesOnDemand rules = new RulesOnDemand(() -> RULES, Runnable::run);
        ScoredSession session = new ScoredSession(
                new ScoringLogic(defaults, VOCABULARY, Long.MAX_VALUE, new PieceSize(16, 1 << 20), rules), service);
        session.open("{\"top\":0}");
        return session;
    }

    private static byte[] text(Random random) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        List<String> runs = List.of("a", "=", " ", "\n", " \n", "1", "'s", "\u4e2d", "\ud83d\ude00", "\u00e9");
        for (int part = 0; part < PARTS; part++) {
            if (random.nextInt(3) == 0) {
                byte[] noise = new byte[random.nextInt(6)];
                random.nextBytes(noise);
                text.writeBytes(noise);
            } else {
                byte[] run = runs.get(random.nextInt(runs.size()))
                        .repeat(1 + random.nextInt(12))
                        .getBytes(UTF_8);
                text.write(run, 0, run.length - random.nextInt(Math.min(3, run.length)));
            }
        }
        return text.toByteArray();
    }

    private static Score last(List<Score> scores) {
        return scores.get(scores.size() - 1);
    }

    private Score inChunks(byte[] text, Random random) throws Exception {
        ScoredSession session = session();
        Score last = null;
        for (int from = 0; from < text.length; ) {
            int to = from + 1 + random.nextInt(Math.min(9, text.length - from));
            last = last(session.bytes(Arrays.copyOfRange(text, from, to)));
            session.storeAndRestore();
            if (last.event() == Event.DEAD_END) {
                break;
            }
            from = to;
        }
        return Objects.requireNonNull(last);
    }

    @Test
    void aTextHasOneScoreWhereverItIsCut() throws Exception {
        int alive = 0;
        for (long seed = 0; seed < TEXTS; seed++) {
            Random random = new Random(seed);
            byte[] text = text(random);
            if (text.length > 0) {
                Score whole = last(session().bytes(text));
                Score cut = inChunks(text, random);
                assertThat(cut.event()).as("seed %s", seed).isEqualTo(whole.event());
                assertThat(cut.bytesConsumed()).as("seed %s", seed).isEqualTo(whole.bytesConsumed());
                assertThat(cut.failedByte()).as("seed %s", seed).isEqualTo(whole.failedByte());
                assertThat(cut.totalLogLikelihood())
                        .as("seed %s", seed)
                        .isFinite()
                        .isCloseTo(whole.totalLogLikelihood(), within(CLOSE));
                alive += whole.event() == Event.DEAD_END ? 0 : 1;
            }
        }
        assertThat(alive).isPositive();
    }
}
