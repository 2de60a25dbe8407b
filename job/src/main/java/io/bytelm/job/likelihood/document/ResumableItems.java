package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.connector.file.src.util.CheckpointedPosition;
import org.apache.flink.connector.file.src.util.RecordAndPosition;
import org.jspecify.annotations.Nullable;

/**
 * The items of a file, each with the place behind it: how many lines, rows or files were taken so far, and the checksum of
 * all items up to there in the place of Flink's offset, which nothing seeks to. Going on from a place reads the file from
 * its beginning and holds what it finds against that checksum.
 */
final class ResumableItems implements Closeable {
    private final SourceFile file;
    private final DocumentReader reader;
    private final ItemChecksum checksum = new ItemChecksum();
    private @Nullable Item ahead;

    ResumableItems(SourceFile file, DocumentReader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Leaves out what was given out before the place.
     *
     * @throws InputFailure if these are not the items that were given out; the message names the file
     */
    void goOnFrom(CheckpointedPosition place) throws IOException {
        file.requireSound();
        long wanted = place.getRecordsAfterOffset();
        while (reader.taken() < wanted && ahead == null) {
            Item item = reader.next();
            if (item == null && reader.taken() < wanted) {
                throw file.changed(
                        "of " + wanted + " lines or rows that had been read, " + reader.taken() + " are there");
            }
            if (reader.taken() > wanted) {
                ahead = item; // the place is among lines that are no items
            } else if (item != null) {
                checksum.add(item);
            }
        }
        // Places of an earlier format have no checksum.
        if (place.getOffset() != CheckpointedPosition.NO_OFFSET && place.getOffset() != checksum.value()) {
            throw file.changed("the first " + wanted + " lines or rows are not those that had been read");
        }
    }

    /** Null at the end. */
    @Nullable
    RecordAndPosition<Item> next() throws IOException {
        Item item = ahead == null ? reader.next() : ahead;
        ahead = null;
        if (item == null) {
            return null;
        }
        checksum.add(item);
        return new RecordAndPosition<>(item, checksum.value(), reader.taken());
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
