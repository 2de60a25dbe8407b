package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An {@code end} that brings the session's last bytes. It does what a record of these bytes does and then what an {@code
 * end} without any does; where the bytes are refused, nothing.
 */
final class LastBytes {
    private LastBytes() {}

    /** An empty value brings no bytes: many producers cannot send none. */
    static boolean isIn(InputRecord end) {
        byte[] value = end.value();
        return value != null && value.length > 0;
    }

    /**
     * @param read what the bytes do, or the next piece of them
     * @param end what an end does then
     */
    static Step<Transition<SessionState>> of(
            Step<Transition<SessionState>> read, Function<@Nullable SessionState, Step<Transition<SessionState>>> end) {
        return read.then(bytes -> {
            boolean isDone = bytes.goesOn() || bytes.isRefusal() || bytes.state() instanceof Ended;
            return isDone ? Step.done(bytes) : end.apply(bytes.state()).map(bytes::followedBy);
        });
    }
}
