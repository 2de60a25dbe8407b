package io.bytelm.job.likelihood.document;

import java.io.IOException;
import org.apache.flink.connector.file.src.FileSourceSplit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a file that breaks into a reject: what was read before counts, what would have followed is missing, and the run
 * goes on.
 */
final class RefusingReader implements DocumentReader {
    private static final Logger LOG = LoggerFactory.getLogger(RefusingReader.class);

    /** Opens the reader of a file. */
    @FunctionalInterface
    interface Opener {
        DocumentReader open() throws IOException;
    }

    private final FileSourceSplit part;
    private final Opener opener;
    private @Nullable DocumentReader reader;
    private long lastPosition;
    private long toldInputBytes;
    private boolean broken;

    RefusingReader(FileSourceSplit part, Opener opener) {
        this.part = part;
        this.opener = opener;
    }

    @Override
    public @Nullable Item next() {
        if (broken) {
            return null;
        }
        try {
            DocumentReader opened = reader == null ? opener.open() : reader;
            reader = opened;
            Item item = opened.next();
            if (item != null) {
                lastPosition = item.position();
                toldInputBytes += item.inputBytes();
            }
            return item;
        } catch (IOException | RuntimeException e) {
            broken = true;
            LOG.info("cannot read on in {}", part, e);
            return reject(e);
        }
    }

    private Item reject(Exception failure) {
        String source = SourceName.of(part.path());
        boolean begun = lastPosition > 0;
        String where = begun ? "after " + source + ":" + lastPosition + " the file" : "the file";
        return Item.reject(
                source,
                lastPosition + 1,
                begun ? source + ":" + (lastPosition + 1) : source,
                Math.max(0, part.length() - toldInputBytes),
                failure instanceof MissingTextException ? RejectReason.MISSING_TEXT : RejectReason.UNREADABLE,
                failure instanceof MissingTextException
                        ? String.valueOf(failure.getMessage())
                        : where + " cannot be read: " + failure);
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
        }
    }
}
