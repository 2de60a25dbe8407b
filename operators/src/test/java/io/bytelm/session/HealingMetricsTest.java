package io.bytelm.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.lm.PortableModel;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.BruteForceTrieLmService;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.TokenKind;
import io.bytelm.vocab.Vocabulary;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The vocabulary can write "abx" only as "a", "b", "x". A beam of one hypothesis takes "ab" for the beginning of the more
 * probable "abc" or "aby", so that each "abx" is one dead end to be healed.
 */
class HealingMetricsTest {
    private static final List<byte[]> TOKENS = Stream.of("<s>", "abc", "a", "b", "x", "!", "aby")
            .map(token -> token.getBytes(UTF_8))
            .toList();
    private static final Vocabulary TOY =
            new Vocabulary(TOKENS, Collections.nCopies(TOKENS.size(), TokenKind.NORMAL), 0, new byte[0]);
    private static final String NARROW = "{\"k\": 1}";

    private final TrieLmService oracle = new BruteForceTrieLmService(TOY, new PortableModel(TOY.size()));
    private long offset;

    private static SessionOperatorFactory<SessionState> factory(TrieLmService service) {
        return new SessionOperatorFactory<>(
                () -> service,
                opened -> new AllSessionsLogic(
                        SessionDefaults.STANDARD, opened.vocabulary(), opened.contextTokens(), Runnable::run),
                ImmutableTypeInfo.SESSION_STATE,
                SessionSettings.DEFAULT);
    }

    private void process(MeteredOperator operator, String session, String op, String text) throws Exception {
        operator.process(SessionOperatorHarness.record(session, op, text, offset++));
        operator.runMails();
    }

    /** How many healings an operator counts for one session that is opened so and reads this text. */
    private long healings(String open, String... chunks) throws Exception {
        try (MeteredOperator operator = new MeteredOperator(factory(oracle))) {
            process(operator, "s", "open", open);
            for (String chunk : chunks) {
                process(operator, "s", "bytes", chunk);
            }
            assertThat(operator.count("numDeadLetters")).isZero();
            return operator.count("numHealings");
        }
    }

    @Test
    void everyHealedDeadEndIsCountedOnce() throws Exception {
        assertThat(healings(NARROW, "abc!aby")).isZero();
        assertThat(healings(NARROW, "abx")).isEqualTo(1);
        assertThat(healings(NARROW, "abxabcabx", "!", "abx")).isEqualTo(3);
        assertThat(healings(NARROW, "ab", "xa", "bx")).as("cut anywhere").isEqualTo(2);
    }

    @Test
    void aWiderBeamKeepsWhatANarrowOneHeals() throws Exception {
        assertThat(healings("{\"k\": 64, \"prune_threshold\": 0}", "abxabxabx")).isZero();
    }

    @Test
    void aPromptIsHealedToo() throws Exception {
        assertThat(healings("{\"k\": 1, \"prompt\": \"abxabx\"}")).isEqualTo(2);
        assertThat(healings("{\"k\": 1, \"prompt\": \"abx\", \"mode\": \"steered\"}", "abx"))
                .isEqualTo(2);
        assertThat(healings("{\"k\": 1, \"prompt\": \"abx\", \"mode\": \"driven\", "
                        + "\"constraint\": {\"kind\": \"choices\", \"source\": [\"abxabx\"]}}"))
                .as(
                        "one in the prompt, one in bytes that are forced: where they are known, less is pruned that they need")
                .isEqualTo(2);
        assertThat(healings("{\"k\": 1, \"prompt\": \"abx\", \"mode\": \"driven\", \"prune_threshold\": 0, "
                        + "\"constraint\": {\"kind\": \"choices\", \"source\": [\"abxabx\"]}}"))
                .as("in the prompt only: where nothing is pruned, what is forced finds its tokens")
                .isEqualTo(1);
    }

    @Test
    void aDeadEndThatIsNotHealedIsNoHealing() throws Exception {
        assertThat(healings("{\"k\": 1, \"heal\": false}", "abx")).isZero();
        assertThat(healings(NARROW, "abxabz")).as("no token has a z").isEqualTo(1);
    }

    @Test
    void aHealingCountsWhenItsRecordIsCommittedAndAgainNowhere() throws Exception {
        ScheduledService slow = new ScheduledService(oracle, new Random(0), 0);
        try (MeteredOperator operator = new MeteredOperator(factory(slow))) {
            process(operator, "s", "open", "{\"k\": 1, \"top\": 3}");
            process(operator, "s", "bytes", "abxabx");
            int answers = 0;
            while (slow.hasWaiting()) {
                assertThat(operator.count("numHealings")).isZero();
                slow.answerOldest();
                operator.runMails();
                answers++;
            }
            assertThat(answers).as("dead ends were healed between answers").isGreaterThan(4);
            assertThat(operator.count("numHealings")).isEqualTo(2);
            process(operator, "s", "end", "");
            assertThat(operator.count("numHealings")).isEqualTo(2);
        }
    }
}
