package io.bytelm.job.likelihood.ownership;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.connector.file.sink.FileSinkCommittable;
import org.apache.flink.connector.file.sink.writer.FileWriter;
import org.apache.flink.connector.file.sink.writer.FileWriterBucketState;

/**
 * Writes under a lease. Used by the task's thread.
 *
 * @param <T> what a row is
 */
final class FencedWriter<T>
        implements StatefulSinkWriter<T, FileWriterBucketState>, CommittingSinkWriter<T, FileSinkCommittable> {
    private final FileWriter<T> files;
    private final Lease lease;

    FencedWriter(FileWriter<T> files, Lease lease) {
        this.files = files;
        this.lease = lease;
    }

    @Override
    public void write(T row, Context context) throws IOException, InterruptedException {
        lease.require();
        files.write(row, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        lease.require();
        files.flush(endOfInput);
    }

    @Override
    public Collection<FileSinkCommittable> prepareCommit() throws IOException {
        lease.require();
        return files.prepareCommit();
    }

    /** A checkpoint of a run that is over must not become the last one. */
    @Override
    public List<FileWriterBucketState> snapshotState(long checkpointId) throws IOException {
        lease.renew();
        return files.snapshotState(checkpointId);
    }

    @Override
    public void close() {
        files.close();
    }
}
