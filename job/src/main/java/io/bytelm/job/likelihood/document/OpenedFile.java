package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** A file's bytes, decompressed, and how many of its own bytes they took. */
final class OpenedFile implements Closeable {
    private final SourceInput stored;
    private final InputStream content;

    private OpenedFile(SourceInput stored, InputStream content) {
        this.stored = stored;
        this.content = content;
    }

    /** @throws IOException if the file is not compressed as its name says */
    static OpenedFile open(SourceFile file, DocumentSettings settings) throws IOException {
        SourceInput stored = file.open();
        try {
            Compression compression = Compression.of(file.part().path().getName());
            return new OpenedFile(stored, compression.open(stored, settings));
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    InputStream content() {
        return content;
    }

    /** How many bytes of the file itself were read. */
    long readBytes() {
        return stored.position();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
