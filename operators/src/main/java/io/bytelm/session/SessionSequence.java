package io.bytelm.session;

import io.bytelm.record.InputRecord;
import java.io.IOException;
import java.util.regex.Pattern;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.jspecify.annotations.Nullable;

/**
 * The number of the last record that had its effect, for sessions whose producer numbers its records: one that is not
 * above it is a repeat, sent again by a producer that did not know that it had come. Every method speaks of the session
 * that is the current key.
 */
final class SessionSequence {
    private static final String NAME = "sequence";
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,19}");

    private final ValueState<Long> last;

    /** What a record's number says. */
    enum Verdict {
        /** The record is to be processed. */
        NEW,
        /** It has come before. */
        REPEAT,
        /** The header is no number. */
        MALFORMED
    }

    SessionSequence(KeyedStateStore states) {
        this.last = states.getState(new ValueStateDescriptor<>(NAME, Types.LONG));
    }

    Verdict verdict(InputRecord record) throws IOException {
        String header = headerOf(record);
        if (header == null) {
            return Verdict.NEW;
        }
        Long number = parsed(header);
        if (number == null) {
            return Verdict.MALFORMED;
        }
        Long before = last.value();
        return before != null && number <= before ? Verdict.REPEAT : Verdict.NEW;
    }

    /**
     * The record has had its effect.
     *
     * @return whether it has a number, which is to be kept
     */
    boolean remember(InputRecord record) throws IOException {
        String header = headerOf(record);
        Long number = header == null ? null : parsed(header);
        if (number != null) {
            last.update(number);
        }
        return number != null;
    }

    void clear() {
        last.clear();
    }

    /** Records without a key belong to no session, so their numbers say nothing. */
    private static @Nullable String headerOf(InputRecord record) {
        return record.key() == null ? null : record.sequence();
    }

    private static @Nullable Long parsed(String header) {
        if (!DECIMAL.matcher(header).matches()) {
            return null;
        }
        try {
            return Long.valueOf(header);
        } catch (NumberFormatException tooLarge) {
            return null;
        }
    }
}
