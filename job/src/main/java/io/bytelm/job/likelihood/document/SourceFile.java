package io.bytelm.job.likelihood.document;

import java.io.IOException;
import java.time.Instant;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * A file, or a part of it, as its file system gives it. All that the file system or the network does wrong ends in an
 * {@link InputFailure}, also where what reads the file takes the exception for the end of the data: the failure is kept
 * here. So whatever else goes wrong in reading is a fault of the data. Used by one thread.
 */
final class SourceFile {
    private static final long SECOND_MILLIS = 1000;

    private final FileSourceSplit part;
    private final Patience patience;
    private final String name;
    private @Nullable InputFailure failure;

    SourceFile(FileSourceSplit part, Patience patience) {
        this.part = part;
        this.patience = patience;
        this.name = SourceName.of(part.path());
    }

    FileSourceSplit part() {
        return part;
    }

    /** As it is called in the output. */
    String name() {
        return name;
    }

    /** In bytes, when the run began. */
    long length() {
        return part.fileSize();
    }

    /** At its beginning. Nothing is opened until it is read. */
    SourceInput open() {
        return new SourceInput(this);
    }

    FSDataInputStream openOnce() throws IOException {
        return part.path().getFileSystem().open(part.path());
    }

    /**
     * Tries several times what the file system may refuse.
     *
     * @throws InputFailure if it goes on refusing
     */
    <T> T patiently(Patience.Attempt<T> attempt, Runnable undo) {
        try {
            return patience.until(name, attempt, undo);
        } catch (InputFailure e) {
            failure = e;
            throw e;
        }
    }

    /**
     * Tells a fault of the data from one of the environment: returns only if the file could be read all the time and is
     * the one that the run began with.
     *
     * @throws InputFailure otherwise
     */
    void requireSound() {
        if (failure != null) {
            throw failure;
        }
        FileStatus status = patiently(() -> part.path().getFileSystem().getFileStatus(part.path()), () -> {});
        if (status.getLen() != length() || !isSameTime(status.getModificationTime(), part.fileModificationTime())) {
            throw changed("then " + version(length(), part.fileModificationTime()) + ", now "
                    + version(status.getLen(), status.getModificationTime()));
        }
    }

    /** @param how what shows it */
    InputFailure changed(String how) {
        return new InputFailure(
                "input " + name + " has changed since the run began (" + how
                        + "); put the old file back, or score what is there into another --out",
                null);
    }

    private static String version(long bytes, long modifiedMillis) {
        return bytes + " bytes of " + Instant.ofEpochMilli(modifiedMillis);
    }

    /** Some stores tell milliseconds in a listing, and of a single file seconds; 0 is none. */
    private static boolean isSameTime(long millis, long other) {
        boolean whole = millis % SECOND_MILLIS == 0 || other % SECOND_MILLIS == 0;
        return millis == other || millis <= 0 || other <= 0 || whole && millis / SECOND_MILLIS == other / SECOND_MILLIS;
    }
}
