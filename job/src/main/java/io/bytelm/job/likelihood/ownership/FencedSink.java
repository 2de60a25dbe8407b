package io.bytelm.job.likelihood.ownership;

import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPreCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;

/**
 * A file sink of a directory that another run may take over: it writes under a {@link Lease}, and asks the owner before
 * each checkpoint and before each commit. Its state is the file sink's own.
 *
 * @param <T> what a row is
 */
public final class FencedSink<T>
        implements Sink<T>,
                SupportsWriterState<T, FileWriterBucketState>,
                SupportsCommitter<FileSinkCommittable>,
                SupportsWriterState.WithCompatibleState,
                SupportsPreCommitTopology<FileSinkCommittable, FileSinkCommittable> {
    private static final long serialVersionUID = 1;

    private final FileSink<T> files;
    private final Owner owner;

    public FencedSink(FileSink<T> files, Owner owner) {
        this.files = files;
        this.owner = owner;
    }

    @Override
    public FencedWriter<T> createWriter(WriterInitContext context) throws IOException {
        owner.requireCurrent(); // before it touches a file
        return new FencedWriter<>(files.createWriter(context), new Lease(owner, System::nanoTime));
    }

    /** What the file sink restores it truncates and goes on with. */
    @Override
    public StatefulSinkWriter<T, FileWriterBucketState> restoreWriter(
            WriterInitContext context, Collection<FileWriterBucketState> state) throws IOException {
        owner.requireCurrent();
        return new FencedWriter<>(files.restoreWriter(context, state), new Lease(owner, System::nanoTime));
    }

    @Override
    public Committer<FileSinkCommittable> createCommitter(CommitterInitContext context) throws IOException {
        return new FencedCommitter(files.createCommitter(context), owner);
    }

    private record FencedCommitter(Committer<FileSinkCommittable> files, Owner owner)
            implements Committer<FileSinkCommittable> {
        @Override
        public void commit(Collection<CommitRequest<FileSinkCommittable>> requests)
                throws IOException, InterruptedException {
            owner.requireCurrent();
            files.commit(requests);
        }

        @Override
        public void close() throws Exception {
            files.close();
        }
    }

    @Override
    public DataStream<CommittableMessage<FileSinkCommittable>> addPreCommitTopology(
            DataStream<CommittableMessage<FileSinkCommittable>> committables) {
        return files.addPreCommitTopology(committables);
    }

    @Override
    public SimpleVersionedSerializer<FileWriterBucketState> getWriterStateSerializer() {
        return files.getWriterStateSerializer();
    }

    @Override
    public SimpleVersionedSerializer<FileSinkCommittable> getCommittableSerializer() {
        return files.getCommittableSerializer();
    }

    @Override
    public SimpleVersionedSerializer<FileSinkCommittable> getWriteResultSerializer() {
        return files.getWriteResultSerializer();
    }

    @Override
    public Collection<String> getCompatibleWriterStateNames() {
        return files.getCompatibleWriterStateNames();
    }
}
