package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The whole file is one document. */
final class WholeFile implements DocumentReader {
    private final SourceFile file;
    private final DocumentSettings settings;
    private boolean done;

    WholeFile(SourceFile file, DocumentSettings settings) {
        this.file = file;
        this.settings = settings;
    }

    @Override
    public @Nullable Item next() throws IOException {
        if (done) {
            return null;
        }
        int maxBytes = settings.maxBytes();
        try (OpenedFile opened = OpenedFile.open(file, settings)) {
            byte[] bytes = opened.content().readNBytes(maxBytes + 1);
            Item item = Item.document(file.name(), 0, file.name(), bytes, file.length());
            done = true;
            return bytes.length > maxBytes
                    ? item.rejected(RejectReason.TOO_LONG, TooLong.messageOfUnknownLength("the file", maxBytes))
                    : item;
        }
    }

    @Override
    public long taken() {
        return done ? 1 : 0;
    }

    @Override
    public void close() {}
}
