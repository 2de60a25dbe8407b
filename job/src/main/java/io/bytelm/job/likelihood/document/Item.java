package io.bytelm.job.likelihood.document;

import org.jspecify.annotations.Nullable;

/**
 * What a reader finds: a document, or the reason why there is none. A Flink POJO.
 *
 * @param source the file, or the partition of a topic
 * @param position where in the source: the number of the line or row from 1, the offset in a partition; 0 for a whole
 *     file. Source and position together are unique and give the order of the output
 * @param id what the document is called in the output
 * @param bytes the document; empty for a reject. Not to be changed
 * @param inputBytes how much of the input's length this item stands for, for the progress bar: bytes of a file, or 1 for a
 *     record of a topic
 * @param reason why this is no document; null for a document
 * @param message the same for people; null for a document
 */
public record Item(
        String source,
        long position,
        String id,
        byte[] bytes,
        long inputBytes,
        @Nullable RejectReason reason,
        @Nullable String message) {
    private static final byte[] NO_BYTES = {};

    public static Item document(String source, long position, String id, byte[] bytes, long inputBytes) {
        return new Item(source, position, id, bytes, inputBytes, null, null);
    }

    public static Item reject(
            String source, long position, String id, long inputBytes, RejectReason reason, String message) {
        return new Item(source, position, id, NO_BYTES, inputBytes, reason, message);
    }

    /** The same item as a reject. */
    public Item rejected(RejectReason newReason, String newMessage) {
        return reject(source, position, id, inputBytes, newReason, newMessage);
    }
}
