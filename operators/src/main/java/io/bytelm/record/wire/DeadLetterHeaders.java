package io.bytelm.record.wire;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.SourcePosition;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the headers of a record in the dead-letter topic say; its key and value are those of the input, untouched. The
 * input's {@code bytelm.op} and {@code bytelm.seq} are among them, so that a corrected record can be sent again as it is.
 *
 * <p>What is too large for the topic is cut, and two more headers say so, see {@link #bytesOf} and {@link #cutOf}; the whole
 * record lies where the source's topic, partition and offset say.
 */
public final class DeadLetterHeaders {
    /** The header of input records that names what to do. */
    public static final String OP = "bytelm.op";

    /** The header of input records that numbers them within their session. */
    public static final String SEQUENCE = "bytelm.seq";

    /** A short word for machines, such as {@code unknown-op}. */
    public static final String REASON = "bytelm.error.reason";

    /** One line for people. */
    public static final String MESSAGE = "bytelm.error.message";

    /** The class and the message of an exception; only where nothing better can be said. */
    public static final String EXCEPTION = "bytelm.error.exception";

    /** How many bytes of the value the session has read and keeps; only of a record that went wrong in its middle. */
    public static final String BYTES_READ = "bytelm.bytes.read";

    public static final String SOURCE_TOPIC = "bytelm.source.topic";
    public static final String SOURCE_PARTITION = "bytelm.source.partition";
    public static final String SOURCE_OFFSET = "bytelm.source.offset";

    /** Kafka's record timestamp, ms since the epoch. */
    public static final String SOURCE_TIMESTAMP = "bytelm.source.timestamp";

    /** The value, in {@link #bytesOf} and {@link #cutOf}. */
    public static final String VALUE = "bytelm.value";

    /** The key, in {@link #bytesOf} and {@link #cutOf}. */
    public static final String KEY = "bytelm.key";

    private DeadLetterHeaders() {}

    /**
     * The header that says how many bytes something has that is cut.
     *
     * @param part {@link #VALUE}, {@link #KEY}, {@link #OP} or {@link #SEQUENCE}
     */
    public static String bytesOf(String part) {
        return part + ".bytes";
    }

    /** The header that says how many of these bytes, the last ones, are missing. */
    public static String cutOf(String part) {
        return part + ".cut";
    }

    /** Names and values, in the order in which to add them; values are text, in UTF-8 on the wire. */
    public static Map<String, String> of(DeadLetter letter) {
        Map<String, String> headers = new LinkedHashMap<>();
        String op = letter.input().op();
        if (op != null) {
            headers.put(OP, op);
        }
        String sequence = letter.input().sequence();
        if (sequence != null) {
            headers.put(SEQUENCE, sequence);
        }
        SourcePosition source = letter.input().source();
        headers.put(REASON, letter.reason());
        headers.put(MESSAGE, letter.message());
        String exception = letter.exception();
        if (exception != null) {
            headers.put(EXCEPTION, exception);
        }
        if (letter.bytesRead() > 0) {
            headers.put(BYTES_READ, Integer.toString(letter.bytesRead()));
        }
        headers.put(SOURCE_TOPIC, source.topic());
        headers.put(SOURCE_PARTITION, Integer.toString(source.partition()));
        headers.put(SOURCE_OFFSET, Long.toString(source.offset()));
        headers.put(SOURCE_TIMESTAMP, Long.toString(source.timestampMillis()));
        return headers;
    }
}
