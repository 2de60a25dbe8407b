package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.jspecify.annotations.Nullable;

/** The whole file is one document. */
final class WholeFile implements DocumentReader {
    private final FileSourceSplit file;
    private final int maxBytes;
    private boolean done;

    WholeFile(FileSourceSplit file, int maxBytes) {
        this.file = file;
        this.maxBytes = maxBytes;
    }

    @Override
    public @Nullable Item next() throws IOException {
        if (done) {
            return null;
        }
        done = true;
        String source = SourceName.of(file.path());
        try (OpenedFile opened = OpenedFile.open(file)) {
            byte[] bytes = opened.content().readNBytes(maxBytes + 1);
            Item item = Item.document(source, 0, source, bytes, file.fileSize());
            return bytes.length > maxBytes
                    ? item.rejected(RejectReason.TOO_LONG, TooLong.messageOfUnknownLength("the file", maxBytes))
                    : item;
        }
    }

    @Override
    public void close() {}
}
