package io.bytelm.job.kafka;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.InvalidOffsetException;

/** {@link GapRefusingSource}'s reader; called by the source task's thread. */
final class GapRefusingReader<T> implements SourceReader<T, KafkaPartitionSplit> {
    private final SourceReader<T, KafkaPartitionSplit> kafka;
    private final GroupOffsets committed;
    private final String remedy;

    GapRefusingReader(SourceReader<T, KafkaPartitionSplit> kafka, GroupOffsets committed, String remedy) {
        this.kafka = kafka;
        this.committed = committed;
        this.remedy = remedy;
    }

    /** @throws DeletedRecordsException if what is next was deleted; the job does not restart */
    @Override
    public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
        try {
            return kafka.pollNext(output);
        } catch (RuntimeException e) {
            InvalidOffsetException gap = ExceptionUtils.findThrowable(e, InvalidOffsetException.class)
                    .orElseThrow(() -> e);
            throw new DeletedRecordsException(gap, remedy);
        }
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        kafka.addSplits(committed.settle(splits));
    }

    @Override
    public void start() {
        kafka.start();
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        return kafka.snapshotState(checkpointId);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return kafka.isAvailable();
    }

    @Override
    public void notifyNoMoreSplits() {
        kafka.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        kafka.handleSourceEvents(event);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        kafka.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        kafka.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> splitsToPause, Collection<String> splitsToResume) {
        kafka.pauseOrResumeSplits(splitsToPause, splitsToResume);
    }

    @Override
    public void close() throws Exception {
        kafka.close();
    }
}
