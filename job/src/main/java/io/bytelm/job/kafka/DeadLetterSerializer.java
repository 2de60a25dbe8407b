package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.record.wire.Sha256;
import io.bytelm.record.wire.Shortening;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes an input record as it came, key and value untouched, with {@link DeadLetterHeaders}; cut, if it must be. */
final class DeadLetterSerializer extends ToTopic<DeadLetter> {
    private static final long serialVersionUID = 1;

    /** The most that is left of a header of the input, and of the line for people, bytes. */
    private static final int MOST_HEADER_BYTES = 256;

    private static final int MOST_MESSAGE_BYTES = 1024;
    private static final String GOES_ON = "...";

    DeadLetterSerializer(String topic) {
        super(topic);
    }

    @Override
    ProducerRecord<byte[], byte[]> recordOf(DeadLetter letter) {
        return record(letter.input().key(), letter.input().value(), headersOf(letter));
    }

    /**
     * Cuts the value to what room there is. Where that is none, headers are cut, and where that does not help, the key.
     * Whoever looks for records of a session by its key finds as many as possible.
     */
    @Override
    ProducerRecord<byte[], byte[]> shortenedTo(WriteLimit limit, DeadLetter letter, int wholeBytes) {
        byte[] key = letter.input().key();
        byte[] value = letter.input().value();
        Map<String, byte[]> whole = headersOf(letter);
        ProducerRecord<byte[], byte[]> record = withCutValue(limit, key, value, whole);
        if (record == null) {
            record = withCutValue(limit, key, value, cut(whole));
        }
        if (record == null) {
            Map<String, byte[]> headers = cut(whole);
            byte[] shortKey = key;
            if (key != null && key.length > Shortening.MOST_SESSION_BYTES) {
                shortKey = shortened(key);
                headers.putAll(saying(DeadLetterHeaders.KEY, key.length, shortKey.length - Sha256.BYTES));
            }
            record = withCutValue(limit, shortKey, value, headers);
        }
        if (record == null) {
            throw new IllegalStateException(
                    "less than " + WriteLimit.LEAST_BYTES + " bytes for a dead letter: " + limit);
        }
        return record;
    }

    /** As much of the value as fits; null if not even an empty one does. */
    private @Nullable ProducerRecord<byte[], byte[]> withCutValue(
            WriteLimit limit, byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = record(key, value, headers);
        if (limit.fits(record) || value == null) {
            return limit.fits(record) ? record : null;
        }
        Map<String, byte[]> saying = new LinkedHashMap<>(headers);
        saying.putAll(saying(DeadLetterHeaders.VALUE, value.length, 0)); // no other number is longer than this one
        int tooMany = Math.max(0, WriteLimit.sizeOf(record(key, value, saying)) - limit.bytes());
        int kept = value.length - tooMany;
        if (kept < 0) {
            return null;
        }
        saying.putAll(saying(DeadLetterHeaders.VALUE, value.length, kept));
        return record(key, Arrays.copyOf(value, kept), saying);
    }

    private static Map<String, byte[]> cut(Map<String, byte[]> whole) {
        Map<String, byte[]> headers = new LinkedHashMap<>(whole);
        for (String part : List.of(DeadLetterHeaders.OP, DeadLetterHeaders.SEQUENCE)) {
            byte[] text = whole.get(part);
            if (text != null && text.length > MOST_HEADER_BYTES) {
                byte[] beginning = Shortening.beginningOf(text, MOST_HEADER_BYTES);
                headers.put(part, beginning);
                headers.putAll(saying(part, text.length, beginning.length));
            }
        }
        headers.computeIfPresent(
                DeadLetterHeaders.MESSAGE,
                (name, line) -> line.length <= MOST_MESSAGE_BYTES
                        ? line
                        : (new String(Shortening.beginningOf(line, MOST_MESSAGE_BYTES), UTF_8) + GOES_ON)
                                .getBytes(UTF_8));
        return headers;
    }

    private static Map<String, byte[]> saying(String part, int bytes, int kept) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        headers.put(DeadLetterHeaders.bytesOf(part), Integer.toString(bytes).getBytes(UTF_8));
        headers.put(
                DeadLetterHeaders.cutOf(part), Integer.toString(bytes - kept).getBytes(UTF_8));
        return headers;
    }

    private static Map<String, byte[]> headersOf(DeadLetter letter) {
        Map<String, byte[]> headers = new LinkedHashMap<>();
        DeadLetterHeaders.of(letter).forEach((name, text) -> headers.put(name, text.getBytes(UTF_8)));
        return headers;
    }

    private ProducerRecord<byte[], byte[]> record(
            byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic(), key, value);
        headers.forEach((name, text) -> record.headers().add(name, text));
        return record;
    }
}
