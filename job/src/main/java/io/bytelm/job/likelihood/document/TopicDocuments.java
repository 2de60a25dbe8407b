package io.bytelm.job.likelihood.document;

import io.bytelm.job.kafka.TopicRange;
import org.jspecify.annotations.Nullable;

/** Each record's value is a document; it is named after its place in the topic. The length of a topic is in records. */
public final class TopicDocuments implements TopicRange.Mapper<Item> {
    private static final long serialVersionUID = 1;

    private final int maxBytes;

    /** @param maxBytes longer documents are rejects */
    public TopicDocuments(int maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public Item map(String topic, int partition, long offset, byte @Nullable [] value) {
        String source = topic + "/" + partition;
        String id = source + "/" + offset;
        if (value == null) {
            return Item.reject(source, offset, id, 1, RejectReason.MISSING_TEXT, "the record has no value");
        }
        Item document = Item.document(source, offset, id, value, 1);
        return value.length > maxBytes
                ? document.rejected(RejectReason.TOO_LONG, TooLong.message("the record", value.length, maxBytes))
                : document;
    }
}
