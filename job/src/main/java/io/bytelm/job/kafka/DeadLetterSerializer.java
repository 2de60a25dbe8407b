package io.bytelm.job.kafka;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.record.wire.Sha256;
import io.bytelm.record.wire.Shortening;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes an input record as it came, key and value untouched, with {@link LetterHeaders}; cut, if it must be. */
final class DeadLetterSerializer extends ToTopic<DeadLetter> {
    private static final long serialVersionUID = 1;

    DeadLetterSerializer(String topic) {
        super(topic);
    }

    @Override
    ProducerRecord<byte[], byte[]> recordOf(DeadLetter letter) {
        return record(letter.input().key(), letter.input().value(), LetterHeaders.whole(letter));
    }

    /**
     * Cuts the value to what room there is. Where that is none, long headers of the input are left out, then all but what
     * the record needs, and where that does not help, the key is cut. Whoever looks for records of a session by its key finds
     * as many as possible.
     */
    @Override
    ProducerRecord<byte[], byte[]> shortenedTo(WriteLimit limit, DeadLetter letter, int wholeBytes) {
        byte[] key = letter.input().key();
        byte[] value = letter.input().value();
        ProducerRecord<byte[], byte[]> record = withCutValue(limit, key, value, LetterHeaders.whole(letter));
        if (record == null) {
            record = withCutValue(limit, key, value, LetterHeaders.withoutLong(letter));
        }
        LetterHeaders least = LetterHeaders.least(letter);
        if (record == null) {
            record = withCutValue(limit, key, value, least);
        }
        if (record == null && key != null && key.length > Shortening.MOST_SESSION_BYTES) {
            byte[] shortKey = shortened(key);
            int kept = shortKey.length - Sha256.BYTES;
            record = withCutValue(
                    limit, shortKey, value, least.saying(DeadLetterHeaders.KEY, key.length, key.length - kept));
        }
        if (record == null) {
            throw new IllegalStateException(
                    "less than " + WriteLimit.LEAST_BYTES + " bytes for a dead letter: " + limit);
        }
        return record;
    }

    /** As much of the value as fits; null if not even an empty one does. */
    private @Nullable ProducerRecord<byte[], byte[]> withCutValue(
            WriteLimit limit, byte @Nullable [] key, byte @Nullable [] value, LetterHeaders headers) {
        ProducerRecord<byte[], byte[]> record = record(key, value, headers);
        if (limit.fits(record) || value == null) {
            return limit.fits(record) ? record : null;
        }
        // no other number is longer than this one
        LetterHeaders longest = headers.saying(DeadLetterHeaders.VALUE, value.length, value.length);
        int tooMany = Math.max(0, WriteLimit.sizeOf(record(key, value, longest)) - limit.bytes());
        int kept = value.length - tooMany;
        if (kept < 0) {
            return null;
        }
        LetterHeaders saying = headers.saying(DeadLetterHeaders.VALUE, value.length, tooMany);
        return record(key, Arrays.copyOf(value, kept), saying);
    }

    private ProducerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, LetterHeaders headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(), key, value);
        headers.addTo(record);
        return record;
    }
}
