package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.EngineStatistics;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.SharedService;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many more sessions than the model keeps the states of: their texts are not read again and again. */
@Timeout(300)
class SessionTurnsTest {
    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);
    private static final SessionDefaults DEFAULTS = SessionDefaults.STANDARD;
    private static final int TEXT_BYTES = 160;
    private static final int TOKENS_OF_A_TEXT = 1 + TEXT_BYTES / 3 + 65; // and the beam's branches

    private final List<SessionOperatorHarness<SessionState>> subtasks = new ArrayList<>();
    private final List<DjlLanguageModel> models = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (SessionOperatorHarness<SessionState> subtask : subtasks) {
            subtask.close();
        }
    }

    /** @param keptTokens how many tokens the model keeps the states of */
    private TrieLmService open(int keptTokens) {
        return SharedService.join(this, () -> {
            DjlModelSettings settings = DjlModelSettings.of(MODEL).withThreads(1);
            TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
            DjlLanguageModel model = DjlLanguageModel.open(
                    settings.withCacheBytes(keptTokens * bytesPerToken(settings)), trie.columnOrder());
            assertThat(model.keptTokens()).isEqualTo(keptTokens);
            models.add(model);
            return new EmbeddedTrieLmService(trie, model, ServiceSettings.defaults());
        });
    }

    private static long bytesPerToken(DjlModelSettings settings) {
        try (DjlLanguageModel model = DjlLanguageModel.open(settings)) {
            EngineStatistics none = model.statistics();
            return none.capacityBytes() / none.capacityTokens();
        }
    }

    private SessionOperatorHarness<SessionState> subtask(int keptTokens) throws Exception {
        SessionOperatorHarness<SessionState> subtask = new SessionOperatorHarness<>(
                Subtask.FRESH,
                open(keptTokens),
                new ScoringLogic(DEFAULTS, VOCABULARY, Long.MAX_VALUE),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
        subtasks.add(subtask);
        return subtask;
    }

    /** Other words for each session, so that they share nothing. */
    private static String text(int session, int bytes) {
        String[] words = {"river", "winter", "letter", "garden", "captain", "silver", "window", "morning"};
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < bytes; i++) {
            text.append(words[(session * 3 + i * (1 + session % 5)) % words.length])
                    .append(' ')
                    .append(session + i);
            text.append(" of the ");
        }
        return text.substring(0, bytes);
    }

    private void awaitScores(int count) throws Exception {
        while (subtasks.stream().mapToInt(subtask -> subtask.scores().size()).sum() < count) {
            for (SessionOperatorHarness<SessionState> subtask : subtasks) {
                subtask.runMails();
            }
            Thread.sleep(1);
        }
    }

    /** How many tokens the model computed for each context that it was asked for. */
    private double computedPerEvaluation() throws Exception {
        close();
        subtasks.clear();
        EngineStatistics done = models.get(0).statistics();
        return (double) done.computedTokens() / done.rows();
    }

    @Test
    void withRoomForThreeOf12SessionsATextIsReadOnce() throws Exception {
        SessionOperatorHarness<SessionState> operator = subtask(3 * TOKENS_OF_A_TEXT);
        for (int session = 0; session < 12; session++) {
            operator.process("s" + session, text(session, TEXT_BYTES));
        }
        awaitScores(12);
        assertThat(operator.scores())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 12)
                        .mapToObj(session -> "s" + session + "=" + TEXT_BYTES)
                        .toList());
        assertThat(computedPerEvaluation()).isLessThan(1.1);
    }

    @Test
    void sessionsThatSendShortRecordsTakeTurnsSeldomEnough() throws Exception {
        SessionOperatorHarness<SessionState> operator = subtask(3 * TOKENS_OF_A_TEXT);
        int records = 13;
        for (int record = 0; record < records; record++) {
            for (int session = 0; session < 10; session++) {
                int bytes = TEXT_BYTES / records;
                operator.process(
                        "s" + session, text(session, TEXT_BYTES).substring(record * bytes, (record + 1) * bytes));
            }
        }
        awaitScores(10 * records);
        assertThat(computedPerEvaluation()).isLessThan(1.6);
    }

    @Test
    void aSessionThatIsLargerThanTheRoomIsReadAloneAndTheOthersAfterIt() throws Exception {
        SessionOperatorHarness<SessionState> operator = subtask(TOKENS_OF_A_TEXT / 3);
        operator.process("small", text(1, 60));
        operator.process("huge", text(2, TEXT_BYTES));
        operator.process("hugeToo", text(3, TEXT_BYTES));
        operator.process("late", text(4, 60));
        awaitScores(4);
        assertThat(operator.scores())
                .containsExactlyInAnyOrder("small=60", "huge=" + TEXT_BYTES, "hugeToo=" + TEXT_BYTES, "late=60");
    }

    @Test
    void theSubtasksOfAProcessShareTheRoom() throws Exception {
        subtask(3 * TOKENS_OF_A_TEXT);
        subtask(3 * TOKENS_OF_A_TEXT);
        for (int session = 0; session < 10; session++) {
            subtasks.get(session % 2).process("s" + session, text(session, TEXT_BYTES));
        }
        awaitScores(10);
        assertThat(subtasks).allMatch(subtask -> subtask.scores().size() == 5);
        assertThat(computedPerEvaluation()).isLessThan(1.1);
    }
}
