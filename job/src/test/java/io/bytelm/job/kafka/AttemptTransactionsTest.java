package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.internal.CheckpointTransaction;
import org.apache.flink.connector.kafka.sink.internal.TransactionOwnership;
import org.junit.jupiter.api.Test;

class AttemptTransactionsTest {
    private static final String SINK = "group-in-out-scores";
    private static final AttemptTransactions SECOND = new AttemptTransactions(SINK, "0000beef", 7, "1-00c0ffee");

    @Test
    void writerAndCommitterOfASubtaskAgree() {
        AttemptTransactions writer = AttemptTransactions.of(SINK, new AttemptContext(0, 2, 3, 7));

        assertThat(AttemptTransactions.of(SINK, new AttemptContext(0, 2, 3, 7))).isEqualTo(writer);
        assertThat(writer.prefix()).matches(SINK + "-[0-9a-f]{8}-7-3-[0-9a-f]{8}");
    }

    @Test
    void anotherAttemptOrAnotherSlotHasAnotherPrefix() {
        String prefix =
                AttemptTransactions.of(SINK, new AttemptContext(0, 2, 3, 7)).prefix();

        assertThat(AttemptTransactions.of(SINK, new AttemptContext(0, 2, 4, 7)).prefix())
                .isNotEqualTo(prefix);
        assertThat(AttemptTransactions.of(SINK, new AttemptContext(0, 2, 3, 7).inSlot("another"))
                        .prefix())
                .isNotEqualTo(prefix);
    }

    @Test
    void anAttemptFollowsThoseThatBeganWithTheSameCheckpointOrAnEarlierOne() {
        assertThat(SECOND.follows(SINK + "-0000beef-0-0-00c0ffee-0-1")).isTrue();
        assertThat(SECOND.follows(SINK + "-0000beef-7-0-00c0ffee-0-1")).isTrue();
        assertThat(SECOND.follows(SINK + "-0000beef-7-2-0badcafe-0-1"))
                .as("another JobManager counts attempts from 0")
                .isTrue();
        assertThat(SECOND.follows(SINK + "-0000beef-8-2-0badcafe-0-1"))
                .as("a successor")
                .isFalse();
        assertThat(SECOND.follows(SECOND.prefix() + "-0-1")).as("its own").isFalse();
    }

    @Test
    void aJobThatIsSubmittedAgainFollowsTheOneBeforeWhateverItBeganWith() {
        assertThat(SECOND.follows(SINK + "-0000cafe-99-0-00c0ffee-0-1")).isTrue();
    }

    @Test
    void whatIsNotOfThisSinkIsLeftAlone() {
        assertThat(SECOND.follows("another-scores-0000beef-0-0-00c0ffee-0-1")).isFalse();
        assertThat(SECOND.follows(SINK + "-too-scores-0000beef-0-0-00c0ffee-0-1"))
                .as("a sink whose name begins like this one's")
                .isFalse();
        assertThat(SECOND.follows(SINK)).isFalse();
    }

    @Test
    void aPromisedTransactionIsLeftToTheCommitterAndAnotherSubtasksToThatSubtask() {
        String before = SINK + "-0000beef-3-0-00c0ffee";
        LingeringTransactions lingering = new LingeringTransactions(
                SECOND, new AttemptContext(0, 2, 1, 7).getTaskInfo(), List.of(state(before, 0, 2, before + "-0-0")));

        assertThat(lingering.among(List.of(before + "-0-0", before + "-0-1", before + "-1-0", before + "-1-1")))
                .containsExactly(before + "-0-1");
    }

    @Test
    void afterARescaleEverySubtasksTransactionsAreSomeones() {
        String before = SINK + "-0000beef-3-0-00c0ffee";
        LingeringTransactions only = new LingeringTransactions(
                SECOND,
                new AttemptContext(0, 1, 1, 7).getTaskInfo(),
                List.of(state(before, 0, 2, before + "-0-0"), state(before, 1, 2, before + "-1-0")));

        assertThat(only.among(List.of(before + "-0-0", before + "-0-1", before + "-1-0", before + "-1-1")))
                .containsExactly(before + "-0-1", before + "-1-1");
        assertThat(only.among(List.of(before + "-2-0", before + "-3-0")))
                .as("of attempts in between that ran with more subtasks and left no state")
                .containsExactly(before + "-2-0", before + "-3-0");
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
