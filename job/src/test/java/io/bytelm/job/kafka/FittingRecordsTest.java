package io.bytelm.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.clusterframework.types.ResourceID;
import org.apache.flink.runtime.executiongraph.ExecutionAttemptID;
import org.apache.flink.runtime.metrics.groups.InternalSinkWriterMetricGroup;
import org.apache.flink.runtime.metrics.groups.TaskManagerMetricGroup;
import org.apache.flink.runtime.metrics.util.TestingMetricRegistry;
import org.junit.jupiter.api.Test;

/** What does not fit is cut and counted, and what fits is neither. */
class FittingRecordsTest {
    private static final int LIMIT_BYTES = 10_000;

    private final Map<String, Metric> metrics = new HashMap<>();

    private FittingRecords<DeadLetter> records() {
        TestingMetricRegistry registry = TestingMetricRegistry.builder()
                .setRegisterConsumer((metric, name, group) -> metrics.put(name, metric))
                .build();
        var sink = TaskManagerMetricGroup.createTaskManagerMetricGroup(registry, "host", ResourceID.generate())
                .addJob(new JobID(), "job")
                .addTask(ExecutionAttemptID.randomId(), "task")
                .getOrAddOperator("sink");
        WriteLimit limit = new WriteLimit(new TopicLimit("dead", LIMIT_BYTES, false, 1), LIMIT_BYTES, "a setting");
        return new FittingRecords<>(
                new DeadLetterSerializer("dead"), limit, new WriterMetrics(InternalSinkWriterMetricGroup.wrap(sink)));
    }

    private long recordsCut() {
        return ((Counter) Objects.requireNonNull(metrics.get("numRecordsCut"))).getCount();
    }

    private static DeadLetter letter(int valueBytes) {
        SourcePosition source = new SourcePosition("in", 0, 1, 0);
        return new DeadLetter(new InputRecord(new byte[] {'s'}, null, new byte[valueBytes], source), "reason", "why");
    }

    @Test
    void recordsThatAreCutAreCounted() {
        FittingRecords<DeadLetter> records = records();

        assertThat(records.recordOf(letter(9_000)).value()).hasSize(9_000);
        assertThat(recordsCut()).isZero();
        for (int count = 1; count <= 3; count++) {
            assertThat(records.recordOf(letter(11_000)).value()).hasSizeLessThan(LIMIT_BYTES);
            assertThat(recordsCut()).isEqualTo(count);
        }
    }
}
