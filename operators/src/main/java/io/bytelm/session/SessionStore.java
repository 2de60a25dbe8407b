package io.bytelm.session;

import java.io.IOException;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/** The sessions' states in Flink's keyed state; every method speaks of the session that is the current key. */
final class SessionStore<S> {
    private static final String NAME = "session";

    private final ValueState<S> state;

    SessionStore(KeyedStateStore states, TypeInformation<S> stateType) {
        this.state = states.getState(new ValueStateDescriptor<>(NAME, stateType));
    }

    /** Null for a session not seen before, or forgotten. */
    @Nullable
    S get() throws IOException {
        return state.value();
    }

    void set(S next) throws IOException {
        state.update(next);
    }

    /** Forgets the session. */
    void clear() {
        state.clear();
    }
}
