package io.bytelm.job.kafka;

import java.util.OptionalLong;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobInfo;
import org.apache.flink.api.common.JobInfoImpl;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.TaskInfoImpl;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkCommitterMetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.runtime.metrics.groups.InternalSinkCommitterMetricGroup;
import org.apache.flink.streaming.runtime.tasks.StreamTaskActionExecutor;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.streaming.runtime.tasks.mailbox.MailboxExecutorImpl;
import org.apache.flink.streaming.runtime.tasks.mailbox.TaskMailboxImpl;
import org.apache.flink.util.SimpleUserCodeClassLoader;
import org.apache.flink.util.UserCodeClassLoader;

/** What Flink tells a sink about the attempt that it runs in, as far as the Kafka sink asks. */
final class AttemptContext implements WriterInitContext, SerializationSchema.InitializationContext {
    private static final JobID JOB = new JobID(1, 2);

    private final JobID job;
    private final TaskInfo task;
    private final OptionalLong restored;

    /** @param restored 0 if from nothing */
    AttemptContext(int subtask, int parallelism, int attempt, long restored) {
        this(
                JOB,
                new TaskInfoImpl("sink", 128, subtask, parallelism, attempt, "a slot"),
                restored == 0 ? OptionalLong.empty() : OptionalLong.of(restored));
    }

    private AttemptContext(JobID job, TaskInfo task, OptionalLong restored) {
        this.job = job;
        this.task = task;
        this.restored = restored;
    }

    AttemptContext inSlot(String allocation) {
        return new AttemptContext(
                job,
                new TaskInfoImpl(
                        "sink",
                        128,
                        task.getIndexOfThisSubtask(),
                        task.getNumberOfParallelSubtasks(),
                        task.getAttemptNumber(),
                        allocation),
                restored);
    }

    AttemptContext ofJob(long number) {
        return new AttemptContext(new JobID(1, number), task, restored);
    }

    CommitterInitContext forCommitter() {
        return new OfCommitter(getJobInfo(), task, restored);
    }

    @Override
    public TaskInfo getTaskInfo() {
        return task;
    }

    @Override
    public JobInfo getJobInfo() {
        return new JobInfoImpl(job, "job");
    }

    @Override
    public OptionalLong getRestoredCheckpointId() {
        return restored;
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
        return SimpleUserCodeClassLoader.create(AttemptContext.class.getClassLoader());
    }

    @Override
    public SinkWriterMetricGroup metricGroup() {
        return UnregisteredMetricsGroup.createSinkWriterMetricGroup();
    }

    @Override
    public MetricGroup getMetricGroup() {
        return metricGroup();
    }

    @Override
    public ProcessingTimeService getProcessingTimeService() {
        return new TestProcessingTimeService();
    }

    @Override
    public SerializationSchema.InitializationContext asSerializationSchemaInitializationContext() {
        return this;
    }

    @Override
    public boolean isObjectReuseEnabled() {
        return false;
    }

    @Override
    public MailboxExecutor getMailboxExecutor() {
        return new MailboxExecutorImpl(new TaskMailboxImpl(), 0, StreamTaskActionExecutor.IMMEDIATE);
    }

    @Override
    public <IN> TypeSerializer<IN> createInputSerializer() {
        throw new UnsupportedOperationException("the Kafka sink has a serializer of its own");
    }

    private record OfCommitter(JobInfo getJobInfo, TaskInfo getTaskInfo, OptionalLong getRestoredCheckpointId)
            implements CommitterInitContext {
        @Override
        public SinkCommitterMetricGroup metricGroup() {
            return InternalSinkCommitterMetricGroup.wrap(UnregisteredMetricsGroup.createOperatorMetricGroup());
        }
    }
}
