package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.BundledModel;
import io.bytelm.lm.djl.DjlLanguageModel;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.EngineStatistics;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.Tokenizations;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TokenizerRules;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionOperatorHarness.Subtask;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A session of which the model keeps nothing any more is read again many tokens in a pass, not one by one. */
@Timeout(120)
class ReturningSessionsTest {
    private static final Path MODEL = BundledModel.directory();
    private static final Vocabulary VOCABULARY = VocabularyReader.fromModelDirectory(MODEL);
    private static final String TEXT =
            ("It was a dark and stormy night; the rain fell in torrents, except at occasional"
                            + " intervals, when it was checked by a violent gust of wind which swept up the streets. ")
                    .repeat(3);

    /** A token that was read costs one computation; so do a few beside it, of each way to read the text. */
    private static final int LEAST_TOKENS = TEXT.length() / 6;

    /** The next byte may end tokens; what those lead to is asked for with it, after its answer, or ahead of it. */
    private static final int MOST_PASSES = 6;

    private static DjlLanguageModel model(TokenByteTrie trie) {
        return DjlLanguageModel.open(DjlModelSettings.of(MODEL).withThreads(1), trie.columnOrder());
    }

    private static TrieLmService service(TokenByteTrie trie, DjlLanguageModel model) {
        return new EmbeddedTrieLmService(
                trie,
                model,
                new CompletableFuture<>(),
                TokenizerRules.ofModelDirectory(MODEL, VOCABULARY),
                ServiceSettings.defaults());
    }

    private static SessionOperatorHarness<SessionState> operator(
            Subtask subtask, TrieLmService service, Tokenizations tokenizations) throws Exception {
        SessionDefaults defaults = SessionDefaults.STANDARD.withTokenizations(tokenizations, 0);
        return new SessionOperatorHarness<>(
                subtask,
                service,
                new AllSessionsLogic(defaults, service, PieceSize.STANDARD, Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private static void feed(SessionOperatorHarness<SessionState> operator, String text) throws Exception {
        int before = operator.output.events.size();
        operator.process("s", text);
        while (operator.output.events.size() == before) {
            operator.runMails();
            Thread.sleep(1);
        }
        assertThat(operator.deadLetters()).isEmpty();
    }

    private static void assertFewPasses(EngineStatistics before, EngineStatistics after) {
        assertThat(after.computedTokens() - before.computedTokens())
                .as("tokens computed again")
                .isGreaterThan(LEAST_TOKENS);
        assertThat(after.passes() - before.passes()).as("passes").isBetween(1L, (long) MOST_PASSES);
    }

    @ParameterizedTest
    @EnumSource(Tokenizations.class)
    void afterARestoreFromACheckpoint(Tokenizations tokenizations) throws Exception {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        OperatorSubtaskState snapshot;
        DjlLanguageModel first = model(trie);
        try (var operator = operator(Subtask.FRESH, service(trie, first), tokenizations)) {
            feed(operator, TEXT);
            snapshot = operator.flink.snapshot(1, 1);
        }
        DjlLanguageModel second = model(trie);
        EngineStatistics before = second.statistics();
        EngineStatistics after;
        try (var operator = operator(Subtask.restored(snapshot), service(trie, second), tokenizations)) {
            feed(operator, "T");
            after = second.statistics();
            assertThat(operator.scores()).containsExactly("s=" + (TEXT.length() + 1));
        }
        assertFewPasses(before, after);
    }

    @ParameterizedTest
    @EnumSource(Tokenizations.class)
    void afterItsStatesMadeRoomForOthers(Tokenizations tokenizations) throws Exception {
        TokenByteTrie trie = new TokenByteTrie(VOCABULARY);
        DjlLanguageModel model = model(trie);
        try (var operator = operator(Subtask.FRESH, service(trie, model), tokenizations)) {
            feed(operator, TEXT);
            model.forgetStates();
            EngineStatistics before = model.statistics();
            feed(operator, "T");
            assertFewPasses(before, model.statistics());
        }
    }
}
