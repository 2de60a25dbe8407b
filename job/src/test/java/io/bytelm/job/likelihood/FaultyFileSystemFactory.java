package io.bytelm.job.likelihood;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.FileSystemFactory;
import org.apache.flink.core.fs.local.LocalFileSystem;

/**
 * The local disk as {@code faulty:///}: reads fail as often as a test says, and a file that is to be created only where
 * none is replaces what is there, as object stores do.
 */
public final class FaultyFileSystemFactory implements FileSystemFactory {
    private static final String SCHEME = "faulty";
    private static final AtomicInteger FAILURES_LEFT = new AtomicInteger();
    private static final AtomicInteger READS_UNTIL_FAILURE = new AtomicInteger();
    private static volatile int everyReads = 1;

    /** From now on, each so many reads one fails, until so many have failed. */
    public static void failReads(int failures, int each) {
        everyReads = each;
        READS_UNTIL_FAILURE.set(each);
        FAILURES_LEFT.set(failures);
    }

    public static int failuresLeft() {
        return FAILURES_LEFT.get();
    }

    public static org.apache.flink.core.fs.Path path(Path local) {
        return new org.apache.flink.core.fs.Path(SCHEME + "://" + local.toUri().getRawPath());
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public FileSystem create(URI uri) {
        return new Faulty();
    }

    private static final class Faulty extends LocalFileSystem {
        @Override
        public URI getUri() {
            return URI.create(SCHEME + ":///");
        }

        @Override
        public FSDataOutputStream create(org.apache.flink.core.fs.Path path, WriteMode mode) throws IOException {
            return super.create(path, WriteMode.OVERWRITE);
        }

        @Override
        public FSDataInputStream open(org.apache.flink.core.fs.Path path) throws IOException {
            return new FaultyInput(super.open(path));
        }
    }

    private static void mayFail() throws IOException {
        if (FAILURES_LEFT.get() > 0 && READS_UNTIL_FAILURE.decrementAndGet() <= 0) {
            READS_UNTIL_FAILURE.set(everyReads);
            FAILURES_LEFT.decrementAndGet();
            throw new IOException("Connection reset");
        }
    }

    /** Fails like a lost connection: what was opened stays broken. */
    private static final class FaultyInput extends FSDataInputStream {
        private final FSDataInputStream in;
        private boolean broken;

        FaultyInput(FSDataInputStream in) {
            this.in = in;
        }

        private void mayBreak() throws IOException {
            if (broken) {
                throw new IOException("Stream is closed");
            }
            broken = true;
            mayFail();
            broken = false;
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public int read() throws IOException {
            mayBreak();
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            mayBreak();
            return in.read(bytes, offset, Math.min(length, 1000));
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
