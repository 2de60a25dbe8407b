package io.bytelm.record.wire;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a record in the dead-letter topic; its key and value are those of the input, untouched. First come the
 * input's own headers, {@code bytelm.op} and {@code bytelm.seq} among them, so that a corrected record can be sent again as
 * it is; then what is added. Of the input's headers only those are left out that have the name of one that this job may
 * add: they are of an earlier dead letter, which was sent again, and would say something wrong.
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

    /** The input's headers other than the op and the number that count, in {@link #bytesOf} and {@link #cutOf}. */
    public static final String HEADERS = "bytelm.headers";

    private static final Set<String> ADDED = Stream.concat(
                    Stream.of(
                            REASON,
                            MESSAGE,
                            EXCEPTION,
                            BYTES_READ,
                            SOURCE_TOPIC,
                            SOURCE_PARTITION,
                            SOURCE_OFFSET,
                            SOURCE_TIMESTAMP),
                    Stream.of(VALUE, KEY, OP, SEQUENCE, HEADERS).flatMap(part -> Stream.of(bytesOf(part), cutOf(part))))
            .collect(Collectors.toUnmodifiableSet());

    private DeadLetterHeaders() {}

    /**
     * The header that says how many bytes something has that is cut.
     *
     * @param part {@link #VALUE}, {@link #KEY}, {@link #OP}, {@link #SEQUENCE} or {@link #HEADERS}
     */
    public static String bytesOf(String part) {
        return part + ".bytes";
    }

    /** The header that says how many of these bytes, the last ones, are missing. */
    public static String cutOf(String part) {
        return part + ".cut";
    }

    /** The input's headers that the dead letter has too, in their order; also if there were several of a name. */
    public static List<RecordHeader> kept(InputRecord input) {
        List<RecordHeader> kept = new ArrayList<>();
        for (RecordHeader header : input.headers()) {
            if (!ADDED.contains(header.name())) {
                kept.add(header);
            }
        }
        addMissing(OP, input.op(), kept);
        addMissing(SEQUENCE, input.sequence(), kept);
        return kept;
    }

    /** An older version has kept these two only. */
    private static void addMissing(String name, @Nullable String text, List<RecordHeader> kept) {
        if (text != null && kept.stream().noneMatch(header -> header.name().equals(name))) {
            kept.add(new RecordHeader(name, text.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Names and values that are added, in their order; values are text, in UTF-8 on the wire. */
    public static Map<String, String> added(DeadLetter letter) {
        Map<String, String> headers = new LinkedHashMap<>();
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
