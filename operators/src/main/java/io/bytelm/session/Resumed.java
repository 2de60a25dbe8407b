package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Partway;
import org.jspecify.annotations.Nullable;

/**
 * Where a record begins, or goes on after the pieces of it that were committed.
 *
 * @param state the session without the position in the record; null if there is none
 * @param opening the prompt as far as this record was read before; null if it was not
 * @param at how many bytes of the record's value were read before
 */
record Resumed(@Nullable SessionState state, @Nullable Opening opening, int at) {
    static Resumed of(@Nullable SessionState stored, InputRecord record) {
        if (stored instanceof Partway partway) {
            return new Resumed(partway.session(), null, bytesRead(partway, record));
        }
        if (stored instanceof Opening opening) {
            boolean isSame = opening.record().equals(record.source());
            return new Resumed(withoutRest(opening), isSame ? opening : null, 0);
        }
        return new Resumed(stored, null, 0);
    }

    /** As {@link SessionLogic#bytesRead}; the bytes of a prompt do not count, since a session that is not open keeps none. */
    static int bytesRead(@Nullable SessionState stored, InputRecord record) {
        return stored instanceof Partway partway && partway.record().equals(record.source()) ? partway.bytesRead() : 0;
    }

    /** As {@link SessionLogic#withoutRest}. */
    static @Nullable SessionState withoutRest(SessionState stored) {
        if (stored instanceof Opening opening) {
            return opening.afterEnd() ? new Ended() : null;
        }
        return stored instanceof Partway partway ? partway.session() : stored;
    }
}
