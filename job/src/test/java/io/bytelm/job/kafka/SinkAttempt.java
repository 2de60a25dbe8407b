package io.bytelm.job.kafka;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * One attempt to run a sink's subtask, driven as Flink's operators drive it.
 *
 * @param <T> what is written
 */
final class SinkAttempt<T> implements AutoCloseable {
    private static final SinkWriter.Context NO_CONTEXT = new SinkWriter.Context() {
        @Override
        public long currentWatermark() {
            return Long.MIN_VALUE;
        }

        @Override
        public Long timestamp() {
            return 0L;
        }
    };

    private final ExactlyOnceSink<T> sink;
    private final StatefulSinkWriter<T, KafkaWriterState> writer;
    private final Committer<KafkaCommittable> committer;

    /** What a checkpoint holds: serialized, as it outlives the attempt. */
    record Promise(List<byte[]> states, List<byte[]> committables) {}

    private SinkAttempt(ExactlyOnceSink<T> sink, AttemptContext context, List<KafkaWriterState> states)
            throws Exception {
        this.sink = sink;
        this.committer = sink.createCommitter(context.forCommitter());
        this.writer = sink.restoreWriter(context, states);
    }

    static <T> SinkAttempt<T> start(ExactlyOnceSink<T> sink, AttemptContext context) throws Exception {
        return new SinkAttempt<>(sink, context, List.of());
    }

    /** Begins with a checkpoint, and commits first what it promised. */
    static <T> SinkAttempt<T> restore(ExactlyOnceSink<T> sink, AttemptContext context, Promise promise)
            throws Exception {
        SinkAttempt<T> attempt =
                new SinkAttempt<>(sink, context, read(promise.states(), sink.getWriterStateSerializer()));
        attempt.commit(promise, true);
        return attempt;
    }

    /** Until the broker has it: only then is a transaction open there, and the next attempt can see it. */
    void write(T value) throws Exception {
        writer.write(value, NO_CONTEXT);
        writer.flush(false);
    }

    /** As Flink does at a barrier: the pre-commit, then the snapshot. */
    Promise checkpoint(long id) throws Exception {
        writer.flush(false);
        @SuppressWarnings("unchecked") // the Kafka sink's writer is both
        CommittingSinkWriter<T, KafkaCommittable> committing = (CommittingSinkWriter<T, KafkaCommittable>) writer;
        List<byte[]> committables = written(committing.prepareCommit(), sink.getCommittableSerializer());
        return new Promise(written(writer.snapshotState(id), sink.getWriterStateSerializer()), committables);
    }

    /** Commits for the first time, which must succeed. */
    void commit(Promise promise) throws Exception {
        commit(promise, false);
    }

    private void commit(Promise promise, boolean mayBeDone) throws Exception {
        List<Committer.CommitRequest<KafkaCommittable>> requests = new ArrayList<>();
        for (KafkaCommittable committable : read(promise.committables(), sink.getCommittableSerializer())) {
            requests.add(new MustSucceed(committable, mayBeDone));
        }
        committer.commit(requests);
    }

    @Override
    public void close() throws Exception {
        writer.close();
        committer.close();
    }

    private static <V> List<byte[]> written(Collection<V> values, SimpleVersionedSerializer<V> serializer)
            throws Exception {
        List<byte[]> bytes = new ArrayList<>();
        for (V value : values) {
            bytes.add(SimpleVersionedSerialization.writeVersionAndSerialize(serializer, value));
        }
        return bytes;
    }

    private static <V> List<V> read(List<byte[]> bytes, SimpleVersionedSerializer<V> serializer) throws Exception {
        List<V> values = new ArrayList<>();
        for (byte[] value : bytes) {
            values.add(SimpleVersionedSerialization.readVersionAndDeSerialize(serializer, value));
        }
        return values;
    }

    /**
     * A committable whose commit may not fail, not even for a reason that the connector takes for harmless, unless an
     * attempt before this one may have done it.
     */
    private record MustSucceed(KafkaCommittable getCommittable, boolean mayBeDone)
            implements Committer.CommitRequest<KafkaCommittable> {
        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            if (!mayBeDone) {
                throw new AssertionError("not committed", reason);
            }
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new AssertionError("not committed", reason);
        }

        @Override
        public void retryLater() {
            throw new AssertionError("not committed at the first try");
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable committable) {
            throw new AssertionError("not committed at the first try");
        }

        @Override
        public void signalAlreadyCommitted() {
            throw new AssertionError("committed by somebody else");
        }
    }
}
