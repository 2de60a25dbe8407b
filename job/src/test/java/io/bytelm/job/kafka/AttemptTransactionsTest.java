package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;
import org.junit.jupiter.api.Test;

class AttemptTransactionsTest {
    private static final String SINK = "group:in:out:scores";
    private static final String EARLIER = "group-in-out-scores";
    private static final SinkName NAME = new SinkName(SINK, EARLIER);
    private static final AttemptTransactions SECOND = new AttemptTransactions(NAME, "0000beef", 7, "1-00c0ffee");

    @Test
    void writerAndCommitterOfASubtaskAgree() {
        AttemptTransactions writer = AttemptTransactions.of(NAME, new AttemptContext(0, 2, 3, 7));

        assertThat(AttemptTransactions.of(NAME, new AttemptContext(0, 2, 3, 7))).isEqualTo(writer);
        assertThat(writer.prefix()).matches(SINK + "-[0-9a-f]{8}-7-3-[0-9a-f]{8}");
    }

    @Test
    void anotherAttemptOrAnotherSlotHasAnotherPrefix() {
        String prefix =
                AttemptTransactions.of(NAME, new AttemptContext(0, 2, 3, 7)).prefix();

        assertThat(AttemptTransactions.of(NAME, new AttemptContext(0, 2, 4, 7)).prefix())
                .isNotEqualTo(prefix);
        assertThat(AttemptTransactions.of(NAME, new AttemptContext(0, 2, 3, 7).inSlot("another"))
                        .prefix())
                .isNotEqualTo(prefix);
    }

    @Test
    void anAttemptFollowsThoseThatBeganWithTheSameCheckpointOrAnEarlierOne() {
        assertThat(follows(SINK + "-0000beef-0-0-00c0ffee-0-1")).isTrue();
        assertThat(follows(SINK + "-0000beef-7-0-00c0ffee-0-1")).isTrue();
        assertThat(follows(SINK + "-0000beef-7-2-0badcafe-0-1"))
                .as("another JobManager counts attempts from 0")
                .isTrue();
        assertThat(follows(SINK + "-0000beef-8-2-0badcafe-0-1"))
                .as("a successor")
                .isFalse();
        assertThat(follows(SECOND.prefix() + "-0-1")).as("its own").isFalse();
    }

    @Test
    void aJobThatIsSubmittedAgainFollowsTheOneBeforeWhateverItBeganWith() {
        assertThat(follows(SINK + "-0000cafe-99-0-00c0ffee-0-1")).isTrue();
    }

    @Test
    void whatIsNotOfThisSinkIsLeftAlone() {
        assertThat(follows("another-scores-0000beef-0-0-00c0ffee-0-1")).isFalse();
        assertThat(follows(SINK + "-too-scores-0000beef-0-0-00c0ffee-0-1"))
                .as("a sink whose name begins like this one's")
                .isFalse();
        assertThat(follows(SINK)).isFalse();
    }

    @Test
    void sinksThatDifferInGroupTopicsOrPurposeDifferInName() {
        assertThat(Stream.of(
                                name("g", "events", "prod-scores", "scores"),
                                name("g", "events-prod", "scores", "scores"),
                                name("g-events", "prod", "scores", "scores"),
                                name("g:events", "prod", "scores", "scores"),
                                name("g", "events", "prod-scores", "dead-letters"))
                        .map(SinkName::name))
                .doesNotHaveDuplicates();
    }

    @Test
    void noSinkTakesTheIdsOfAnotherForItsOwnWhateverTheirGroupsAreCalled() {
        AttemptTransactions other = new AttemptTransactions(
                name("group:in:out:scores-0000beef-0-0-00c0ffee-0-1", "in", "out", "scores"),
                "0000beef",
                0,
                "0-00c0ffee");

        assertThat(follows(other.prefix() + "-0-1")).isFalse();
    }

    @Test
    void aPromisedTransactionIsLeftToTheCommitterAndAnotherSubtasksToThatSubtask() {
        String before = SINK + "-0000beef-3-0-00c0ffee";
        LingeringTransactions lingering = lingering(0, 2, List.of(state(before, 0, 2, before + "-0-0")));

        assertThat(lingering.among(List.of(before + "-0-0", before + "-0-1", before + "-1-0", before + "-1-1")))
                .containsExactly(before + "-0-1");
    }

    @Test
    void afterARescaleEverySubtasksTransactionsAreSomeones() {
        String before = SINK + "-0000beef-3-0-00c0ffee";
        LingeringTransactions only =
                lingering(0, 1, List.of(state(before, 0, 2, before + "-0-0"), state(before, 1, 2, before + "-1-0")));

        assertThat(only.among(List.of(before + "-0-0", before + "-0-1", before + "-1-0", before + "-1-1")))
                .containsExactly(before + "-0-1", before + "-1-1");
        assertThat(only.among(List.of(before + "-2-0", before + "-3-0")))
                .as("of attempts in between that ran with more subtasks and left no state")
                .containsExactly(before + "-2-0", before + "-3-0");
    }

    @Test
    void ofIdsWithTheEarlierNameOnlyThoseOfTheJobThatWroteTheStateAreEnded() {
        String writer = EARLIER + "-0000cafe-3-0-00c0ffee";
        String laterAttempt = EARLIER + "-0000cafe-4-1-00c0ffee";
        String otherJob = EARLIER + "-0000abcd-4-1-00c0ffee";
        LingeringTransactions lingering = lingering(0, 1, List.of(state(writer, 0, 1, writer + "-0-0")));

        assertThat(lingering.among(List.of(
                        writer + "-0-0",
                        writer + "-0-1",
                        laterAttempt + "-0-0",
                        laterAttempt + "-1-0",
                        otherJob + "-0-0")))
                .containsExactly(writer + "-0-1", laterAttempt + "-0-0", laterAttempt + "-1-0");
        assertThat(lingering(0, 1, List.of()).among(List.of(writer + "-0-1", otherJob + "-0-0")))
                .as("without state nothing says whose they are")
                .isEmpty();
    }

    @Test
    void afterARescaleIdsWithTheEarlierNameAreSharedAmongThoseWithState() {
        String writer = EARLIER + "-0000cafe-3-0-00c0ffee";
        List<String> open = List.of(writer + "-0-1", writer + "-1-1", writer + "-2-1", writer + "-3-1");

        assertThat(lingering(0, 4, List.of(state(writer, 0, 2, writer + "-0-0")))
                        .among(open))
                .containsExactly(writer + "-0-1", writer + "-2-1");
        assertThat(lingering(1, 4, List.of(state(writer, 1, 2, writer + "-1-0")))
                        .among(open))
                .containsExactly(writer + "-1-1", writer + "-3-1");
        assertThat(lingering(2, 4, List.of()).among(open)).isEmpty();
    }

    private static SinkName name(String group, String in, String out, String purpose) {
        return SinkName.of(
                new KafkaSettings(
                        "localhost:1",
                        in,
                        out,
                        null,
                        group,
                        KafkaSettings.Start.EARLIEST,
                        false,
                        false,
                        1000,
                        Map.of()),
                purpose);
    }

    private static boolean follows(String id) {
        TransactionalId read = TransactionalId.read(id);
        return read != null && SECOND.follows(read);
    }

    private static LingeringTransactions lingering(int subtask, int parallelism, List<KafkaWriterState> states) {
        TaskInfo task = new AttemptContext(subtask, parallelism, 1, 7).getTaskInfo();
        return new LingeringTransactions(SECOND, SubtaskOwnership.of(task, states), states);
    }

    private static KafkaWriterState state(String prefix, int subtask, int subtasks, String promised) {
        return new KafkaWriterState(
                prefix,
                subtask,
                subtasks,
                TransactionOwnership.EXPLICIT_BY_WRITER_STATE,
                List.of(new CheckpointTransaction(promised, 7)));
    }
}
