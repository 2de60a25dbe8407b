package io.bytelm.session;

import io.bytelm.record.InputRecord;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.api.java.typeutils.TupleTypeInfo;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.streaming.api.operators.KeyContext;

/**
 * The elements in flight as keyed state, written at each snapshot: per session the records with their timestamps, in
 * order of arrival. Being keyed, they follow their session when the job is rescaled.
 */
final class InFlightState {
    private static final String NAME = "in-flight";

    /** Takes one element back. */
    interface Restored {
        void accept(String session, InputRecord record, long timestampMillis) throws Exception;
    }

    private final KeyedStateBackend<String> backend;
    private final KeyContext keys;
    private final ListState<Tuple2<InputRecord, Long>> elements;
    private final Set<String> sessionsInState = new HashSet<>();

    InFlightState(KeyedStateStore states, KeyedStateBackend<String> backend, KeyContext keys) {
        this.backend = backend;
        this.keys = keys;
        this.elements = states.getListState(
                new ListStateDescriptor<>(NAME, new TupleTypeInfo<>(ImmutableTypeInfo.INPUT_RECORD, Types.LONG)));
    }

    /** Hands over what was in flight at the snapshot that the task was restored from, each session's in its order. */
    void restore(Restored restored) throws Exception {
        List<String> sessions;
        try (Stream<String> found = backend.getKeys(NAME, VoidNamespace.INSTANCE)) {
            sessions = found.toList();
        }
        for (String session : sessions) {
            keys.setCurrentKey(session);
            sessionsInState.add(session);
            for (Tuple2<InputRecord, Long> element : elements.get()) {
                restored.accept(session, element.f0, element.f1);
            }
        }
    }

    /** Makes the state say what is in flight now, where that has changed; sessions that have drained are cleared. */
    void write(InFlightElements inFlight) throws Exception {
        for (String session : inFlight.takeChanged()) {
            if (inFlight.hasSession(session)) {
                keys.setCurrentKey(session);
                elements.update(stateOf(inFlight.of(session)));
                sessionsInState.add(session);
            } else if (sessionsInState.remove(session)) {
                keys.setCurrentKey(session);
                elements.clear();
            }
        }
    }

    private static List<Tuple2<InputRecord, Long>> stateOf(Iterable<InFlightElement> queue) {
        List<Tuple2<InputRecord, Long>> state = new ArrayList<>();
        queue.forEach(element -> state.add(Tuple2.of(element.record(), element.timestampMillis())));
        return state;
    }
}
