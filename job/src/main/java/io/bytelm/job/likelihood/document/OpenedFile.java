package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.Path;

/** A file's bytes, decompressed, and how many of its own bytes they took. */
final class OpenedFile implements Closeable {
    private final CountedInput counted;
    private final InputStream content;

    private OpenedFile(CountedInput counted, InputStream content) {
        this.counted = counted;
        this.content = content;
    }

    /** @throws IOException if the file is missing, or is not compressed as its name says */
    static OpenedFile open(FileSourceSplit split) throws IOException {
        Path path = split.path();
        FSDataInputStream raw = path.getFileSystem().open(path);
        try {
            CountedInput counted = new CountedInput(raw);
            return new OpenedFile(counted, Compression.of(path.getName()).open(counted));
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    InputStream content() {
        return content;
    }

    /** How many bytes of the file itself were read. */
    long readBytes() {
        return counted.count();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
