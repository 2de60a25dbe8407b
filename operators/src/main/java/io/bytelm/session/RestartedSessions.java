package io.bytelm.session;

import io.bytelm.record.Alert;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Restarted;
import io.bytelm.record.OutputRecord.Result;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The sessions that the job has begun anew and that have not said so yet. They are begun anew all at once, when the task
 * starts, so that nothing has to be asked of each record: where no session is left that has to say it, nothing is read.
 */
final class RestartedSessions {
    /** The name of the state in a savepoint. */
    static final String NAME = "restarted";

    private final KeyedStateBackend<String> backend;
    private final KeyContext keys;
    private final ValueState<String> reason;
    private long untold;

    RestartedSessions(KeyedStateStore states, KeyedStateBackend<String> backend, KeyContext keys) {
        this.backend = backend;
        this.keys = keys;
        this.reason = states.getState(new ValueStateDescriptor<>(NAME, Types.STRING));
        this.untold = keysIn(NAME).size();
    }

    /** Begins every session anew. Those that were open will say why. */
    void beginAll(SessionStore<?> sessions, String why) throws Exception {
        for (String session : keysIn(SessionStore.NAME)) {
            keys.setCurrentKey(session);
            if (sessions.beginAnew()) {
                untold += reason.value() == null ? 1 : 0;
                reason.update(why);
            }
        }
    }

    /** What the current session says: with the first result it says that it was begun anew, and so do dead letters. */
    OutputRecord told(OutputRecord record) throws IOException {
        String why = untold == 0 ? null : reason.value();
        if (why == null || record instanceof Alert) {
            return record;
        }
        if (record instanceof DeadLetter letter) {
            String message = "the session was begun anew (" + why + "); " + letter.message();
            return new DeadLetter(letter.input(), letter.reason(), message, letter.bytesRead(), letter.exception());
        }
        forget();
        return record instanceof Result result ? new Restarted(result, why) : record;
    }

    /** The current session is forgotten, or has said it. */
    void forget() throws IOException {
        if (untold > 0 && reason.value() != null) {
            reason.clear();
            untold--;
        }
    }

    private List<String> keysIn(String state) {
        try (Stream<String> found = backend.getKeys(state, VoidNamespace.INSTANCE)) {
            return found.toList();
        }
    }
}
