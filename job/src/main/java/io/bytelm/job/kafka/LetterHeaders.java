package io.bytelm.job.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RecordHeader;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.record.wire.Shortening;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a dead letter: the input's own ones, and those that say why and where from. Immutable.
 *
 * @param all in their order
 */
record LetterHeaders(List<RecordHeader> all) {
    /** The most that is left of the op and the number of the input, and the longest other header that stays, bytes. */
    private static final int MOST_HEADER_BYTES = 256;

    private static final int MOST_MESSAGE_BYTES = 1024;
    private static final int MOST_EXCEPTION_BYTES = 512;
    private static final String GOES_ON = "...";

    /** All of them. */
    static LetterHeaders whole(DeadLetter letter) {
        List<RecordHeader> all = new ArrayList<>(DeadLetterHeaders.kept(letter.input()));
        DeadLetterHeaders.added(letter).forEach((name, text) -> all.add(header(name, text)));
        return new LetterHeaders(all);
    }

    /** Without long headers of the input, but for its op and its number. */
    static LetterHeaders withoutLong(DeadLetter letter) {
        List<RecordHeader> kept = DeadLetterHeaders.kept(letter.input());
        List<RecordHeader> all = new ArrayList<>();
        long bytes = 0;
        long cut = 0;
        for (RecordHeader header : kept) {
            int size = sizeOf(header);
            boolean counts = counts(header, kept);
            bytes += counts ? 0 : size;
            if (counts || size <= MOST_HEADER_BYTES) {
                all.add(header);
            } else {
                cut += size;
            }
        }
        DeadLetterHeaders.added(letter).forEach((name, text) -> all.add(header(name, text)));
        return new LetterHeaders(all).saying(DeadLetterHeaders.HEADERS, bytes, cut);
    }

    /** As little as a dead letter must have, less than 4 KiB: of the input the op and the number, and long texts cut. */
    static LetterHeaders least(DeadLetter letter) {
        List<RecordHeader> kept = DeadLetterHeaders.kept(letter.input());
        LetterHeaders least = new LetterHeaders(List.of());
        long bytes = 0;
        for (RecordHeader header : kept) {
            if (counts(header, kept)) {
                least = least.withBeginningOf(header);
            } else {
                bytes += sizeOf(header);
            }
        }
        for (Map.Entry<String, String> added : DeadLetterHeaders.added(letter).entrySet()) {
            least = least.with(header(added.getKey(), shortened(added.getKey(), added.getValue())));
        }
        return bytes == 0 ? least : least.saying(DeadLetterHeaders.HEADERS, bytes, bytes);
    }

    /** The same, and that of so many bytes so many are missing. */
    LetterHeaders saying(String part, long bytes, long cut) {
        return with(header(DeadLetterHeaders.bytesOf(part), Long.toString(bytes)))
                .with(header(DeadLetterHeaders.cutOf(part), Long.toString(cut)));
    }

    void addTo(ProducerRecord<byte[], byte[]> record) {
        all.forEach(header -> record.headers().add(header.name(), header.value()));
    }

    private LetterHeaders with(RecordHeader header) {
        List<RecordHeader> more = new ArrayList<>(all);
        more.add(header);
        return new LetterHeaders(more);
    }

    private LetterHeaders withBeginningOf(RecordHeader header) {
        byte[] value = header.value();
        if (value == null || value.length <= MOST_HEADER_BYTES) {
            return with(header);
        }
        byte[] beginning = Shortening.beginningOf(value, MOST_HEADER_BYTES);
        return with(new RecordHeader(header.name(), beginning))
                .saying(header.name(), value.length, value.length - beginning.length);
    }

    /** Whether it is the op or the number of the record: of several the last one. */
    private static boolean counts(RecordHeader header, List<RecordHeader> kept) {
        String name = header.name();
        if (!name.equals(DeadLetterHeaders.OP) && !name.equals(DeadLetterHeaders.SEQUENCE)) {
            return false;
        }
        RecordHeader last = header;
        for (RecordHeader other : kept) {
            last = other.name().equals(name) ? other : last;
        }
        return last == header;
    }

    private static int sizeOf(RecordHeader header) {
        byte[] value = header.value();
        return header.name().getBytes(UTF_8).length + (value == null ? 0 : value.length);
    }

    private static String shortened(String name, String text) {
        return switch (name) {
            case DeadLetterHeaders.MESSAGE -> shortened(text, MOST_MESSAGE_BYTES);
            case DeadLetterHeaders.EXCEPTION -> shortened(text, MOST_EXCEPTION_BYTES);
            default -> text;
        };
    }

    private static String shortened(String text, int mostBytes) {
        byte[] bytes = text.getBytes(UTF_8);
        return bytes.length <= mostBytes ? text : new String(Shortening.beginningOf(bytes, mostBytes), UTF_8) + GOES_ON;
    }

    private static RecordHeader header(String name, @Nullable String text) {
        return new RecordHeader(name, text == null ? null : text.getBytes(UTF_8));
    }
}
