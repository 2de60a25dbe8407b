package io.bytelm.session;

import io.bytelm.lm.TokenContext;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SettledTokens;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.util.List;
import org.apache.flink.api.common.state.KeyedStateStore;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.jspecify.annotations.Nullable;

/**
 * The sessions' states in Flink's keyed state; every method speaks of the session that is the current key.
 *
 * <p>A session is kept in two parts. Most tokens of its contexts have settled ({@link SettledTree}): they are in a list
 * that is only appended to, which RocksDB does without reading it. The rest is one small value that is written anew. So
 * a record writes its new tokens and a constant, however long the session is.
 *
 * <p>Measured by StateCostTest, with beams of 5 hypotheses and a token for 3.6 bytes of text: a chunk of 10 bytes adds
 * 615 bytes to an incremental checkpoint of RocksDB, whether the session has 1, 10 or 100 KB of context; compactions,
 * which write older data again now and then, come on top. Each of 100,000 idle sessions ({@code
 * -Dstate.sessions=100000}) costs, with 100 bytes of text, 3.0 KB of heap and 336 bytes of checkpoint in the heap backend
 * and 241 bytes of checkpoint in RocksDB; with 1 KB of text, 3.4 KB of heap and 1,025 bytes of checkpoint in the heap
 * backend. A million sessions should cost ten times as much; that was not measured.
 *
 * <p>Of a context no more is kept than the model reads, and a little that is let go only when enough has come together.
 * What is older is never needed: the model's context is among the settings that a session cannot go on without
 * ({@link SessionsModel}), so no later one reads further back. So neither what a session costs nor what a record of it
 * costs grows with its age. With 2,048 tokens of context a record of three tokens, which reads its session and writes it
 * back, took 72 us of processor time and 126 KB of garbage in the heap backend, and 71 us and 147 KB in RocksDB, when its
 * session had 10 KB of text; with 10 MB, 41 and 84 us and the same garbage ({@code -Dstate.megabytes=10}).
 *
 * @param <S> the sessions' state
 */
final class SessionStore<S> {
    /** The name of the small part in a savepoint. */
    static final String NAME = "session";

    /** The name of the list in a savepoint. */
    static final String SETTLED_NAME = "settled";

    private final SessionLogic<S> logic;
    private final long contextTokens;
    private final ValueState<S> small;
    private final ListState<SettledTokens> settled;

    /**
     * A session as it was read.
     *
     * @param state null for a session not seen before, or forgotten
     * @param tree what of its contexts has settled
     */
    record Stored<S>(@Nullable S state, SettledTree tree) {
        /** Of a session that could not be read. */
        static <S> Stored<S> unknown() {
            return new Stored<>(null, new SettledTree(Long.MAX_VALUE));
        }

        boolean exists() {
            return state != null;
        }
    }

    /** @param contextTokens how many of a context's newest tokens the model reads; those before them are let go */
    SessionStore(KeyedStateStore states, TypeInformation<S> stateType, SessionLogic<S> logic, long contextTokens) {
        this.logic = logic;
        this.contextTokens = contextTokens;
        this.small = states.getState(new ValueStateDescriptor<>(NAME, stateType));
        this.settled = states.getListState(new ListStateDescriptor<>(SETTLED_NAME, ImmutableTypeInfo.SETTLED_TOKENS));
    }

    /** @throws LogicFailedException if the two parts do not fit together; other sessions need not be damaged */
    Stored<S> get() throws Exception {
        S stored = small.value();
        if (stored == null || logic.contexts(stored).isEmpty()) {
            return new Stored<>(stored, new SettledTree(contextTokens));
        }
        Iterable<SettledTokens> runs = settled.get();
        return LogicFailedException.guarding(() -> {
            SettledTree tree = SettledTree.of(runs, contextTokens);
            return new Stored<>(logic.withContexts(stored, tree.joined(logic.contexts(stored))), tree);
        });
    }

    /**
     * The session goes on from {@code before} to {@code next}. Contexts that grew from those before are appended to; a
     * session that has none, or begins anew, leaves nothing of the old ones behind.
     *
     * @param before what {@link #get} gave last for this session; it is used up
     * @return how many contexts it goes on with: one for each hypothesis
     * @throws LogicFailedException if the next state cannot be taken apart; then nothing was written
     */
    int set(Stored<S> before, S next) throws Exception {
        Parts<S> parts = LogicFailedException.guarding(() -> parts(before.tree(), next));
        if (parts.settling().replaces()) {
            settled.update(parts.settling().runs());
        } else if (!parts.settling().runs().isEmpty()) {
            settled.addAll(parts.settling().runs());
        }
        small.update(parts.small());
        return parts.contexts();
    }

    /**
     * What of a session is written.
     *
     * @param contexts how many it has
     */
    private record Parts<S>(SettledTree.Settling settling, S small, int contexts) {}

    private Parts<S> parts(SettledTree tree, S next) {
        List<TokenContext> contexts = logic.contexts(next);
        SettledTree.Settling settling = tree.settle(logic.contextsByModel(next));
        S small = contexts.isEmpty() ? next : logic.withContexts(next, tree.cut(contexts));
        return new Parts<>(settling, small, contexts.size());
    }

    /** The contexts of a session as it was read, by the models that they are of; none if there is no session. */
    List<List<TokenContext>> contextsByModel(Stored<S> session) {
        S state = session.state();
        return state == null ? List.of(List.of()) : logic.contextsByModel(state);
    }

    /** Whether a session in this state is open; null is the state of a session not seen before. */
    boolean isOpen(@Nullable S state) {
        return state != null && logic.isOpen(state);
    }

    /** As {@link SessionLogic#isTruncated}; null as in {@link #isOpen}. */
    boolean isTruncated(@Nullable S state) {
        return state != null && logic.isTruncated(state);
    }

    /** As {@link SessionLogic#bytesRead}. */
    int bytesRead(@Nullable S state, InputRecord record) {
        return logic.bytesRead(state, record);
    }

    /** As {@link SessionLogic#withoutRest}. */
    @Nullable
    S withoutRest(S state) {
        return logic.withoutRest(state);
    }

    /** Whether the session is open. */
    boolean holdsOpen() throws Exception {
        return isOpen(small.value());
    }

    /**
     * Leaves of the session what does not depend on the model.
     *
     * @return whether it was open
     */
    boolean beginAnew() throws Exception {
        S stored = small.value();
        if (stored == null) {
            return false;
        }
        S left = logic.begunAnew(stored);
        settled.clear();
        if (left == null) {
            small.clear();
        } else {
            small.update(left);
        }
        return logic.isOpen(stored);
    }

    /** Forgets the session. */
    void clear() {
        small.clear();
        settled.clear();
    }
}
