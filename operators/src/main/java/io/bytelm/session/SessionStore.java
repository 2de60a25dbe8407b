package io.bytelm.session;

import io.bytelm.lm.TokenContext;
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
 * <p>A record reads its session back whole. From RocksDB ({@code -Dstate.reads=400}) that took 71, 57 and 429 us of
 * processor time for 1, 10 and 100 KB of text.
 *
 * @param <S> the sessions' state
 */
final class SessionStore<S> {
    /** The name of the small part in a savepoint. */
    static final String NAME = "session";

    /** The name of the list in a savepoint. */
    static final String SETTLED_NAME = "settled";

    private final SessionLogic<S> logic;
    private final ValueState<S> small;
    private final ListState<SettledTokens> settled;

    /**
     * A session as it was read.
     *
     * @param state null for a session not seen before, or forgotten
     * @param tree what of its contexts has settled
     */
    record Stored<S>(@Nullable S state, SettledTree tree) {
        boolean exists() {
            return state != null;
        }
    }

    SessionStore(KeyedStateStore states, TypeInformation<S> stateType, SessionLogic<S> logic) {
        this.logic = logic;
        this.small = states.getState(new ValueStateDescriptor<>(NAME, stateType));
        this.settled = states.getListState(new ListStateDescriptor<>(SETTLED_NAME, ImmutableTypeInfo.SETTLED_TOKENS));
    }

    Stored<S> get() throws Exception {
        S stored = small.value();
        if (stored == null || logic.contexts(stored).isEmpty()) {
            return new Stored<>(stored, new SettledTree());
        }
        SettledTree tree = SettledTree.of(settled.get());
        return new Stored<>(logic.withContexts(stored, tree.joined(logic.contexts(stored))), tree);
    }

    /**
     * The session goes on from {@code before} to {@code next}. Contexts that grew from those before are appended to; a
     * session that has none, or begins anew, leaves nothing of the old ones behind.
     *
     * @param before what {@link #get} gave last for this session; it is used up
     * @return how many contexts it goes on with: one for each hypothesis
     */
    int set(Stored<S> before, S next) throws Exception {
        List<TokenContext> contexts = logic.contexts(next);
        SettledTree tree = before.tree();
        if (!tree.isEmpty() && !tree.holdsBeginningOf(contexts)) {
            settled.clear();
            tree = new SettledTree();
        }
        List<SettledTokens> runs = tree.settle(contexts);
        if (!runs.isEmpty()) {
            settled.addAll(runs);
        }
        small.update(contexts.isEmpty() ? next : logic.withContexts(next, tree.cut(contexts)));
        return contexts.size();
    }

    /** The contexts of a session as it was read; none if there is no session. */
    List<TokenContext> contexts(Stored<S> session) {
        S state = session.state();
        return state == null ? List.of() : logic.contexts(state);
    }

    /** Whether a session in this state is open; null is the state of a session not seen before. */
    boolean isOpen(@Nullable S state) {
        return state != null && logic.isOpen(state);
    }

    /** Whether the session is open. */
    boolean holdsOpen() throws Exception {
        return isOpen(small.value());
    }

    /** Forgets the session. */
    void clear() {
        small.clear();
        settled.clear();
    }
}
