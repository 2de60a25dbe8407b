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
 * <p>A session is kept in two parts. What all of its token contexts begin with has settled: it goes, {@value
 * #TOKENS_PER_PIECE} tokens and more at a time, to the end of a list that is only appended to, which RocksDB does without
 * reading it. The rest, the state on contexts that lack those tokens, is one small value that is written anew. So a record
 * writes its new bytes and a constant, however long the session is.
 *
 * @param <S> the sessions' state
 */
final class SessionStore<S> {
    /** The name of the small part in a savepoint. */
    static final String NAME = "session";

    private static final String SETTLED_NAME = "settled";
    private static final int TOKENS_PER_PIECE = 32;

    private final SessionLogic<S> logic;
    private final ValueState<S> moving;
    private final ListState<SettledTokens> settled;

    /**
     * A session as it was read.
     *
     * @param state null for a session not seen before, or forgotten
     * @param settled the beginning of its contexts that is in the list; null if nothing is
     */
    record Stored<S>(@Nullable S state, @Nullable TokenContext settled) {
        boolean exists() {
            return state != null;
        }
    }

    SessionStore(KeyedStateStore states, TypeInformation<S> stateType, SessionLogic<S> logic) {
        this.logic = logic;
        this.moving = states.getState(new ValueStateDescriptor<>(NAME, stateType));
        this.settled =
                states.getListState(new ListStateDescriptor<>(SETTLED_NAME, ImmutableTypeInfo.SETTLED_TOKENS));
    }

    Stored<S> get() throws Exception {
        S end = moving.value();
        TokenContext beginning = end == null ? null : settledContext();
        return end == null || beginning == null
                ? new Stored<>(end, null)
                : new Stored<>(moved(end, 0, beginning), beginning);
    }

    /**
     * The session goes on from {@code before} to {@code next}.
     *
     * @param before what {@link #get} gave last for this session
     */
    void set(Stored<S> before, S next) throws Exception {
        List<TokenContext> contexts = logic.contexts(next);
        int shared = TokenContext.sharedLength(contexts);
        int kept = keptLength(before, contexts, shared);
        // One shared token stays behind, as no context is without a token.
        if (shared - 1 - kept >= TOKENS_PER_PIECE) {
            TokenContext longer = contexts.get(0).first(shared - 1);
            settled.add(new SettledTokens(longer.lastTokens(longer.length() - kept)));
            kept = longer.length();
        }
        moving.update(kept == 0 ? next : moved(next, kept, null));
    }

    /** Forgets the session. */
    void clear() {
        moving.clear();
        settled.clear();
    }

    /** How much of the list belongs to the next state too; if that one started over, the list is emptied. */
    private int keptLength(Stored<S> before, List<TokenContext> contexts, int shared) {
        TokenContext beginning = before.settled();
        if (beginning == null) {
            return 0;
        }
        int length = beginning.length();
        if (length < shared && contexts.get(0).first(length) == beginning) {
            return length;
        }
        settled.clear();
        return 0;
    }

    private @Nullable TokenContext settledContext() throws Exception {
        TokenContext context = null;
        for (SettledTokens piece : settled.get()) {
            for (int token : piece.tokens()) {
                context = context == null ? TokenContext.startingWith(token) : context.plus(token);
            }
        }
        return context;
    }

    private S moved(S state, int dropped, @Nullable TokenContext beginning) {
        ContextGraft graft = new ContextGraft(dropped, beginning);
        return logic.withContexts(
                state, logic.contexts(state).stream().map(graft::moved).toList());
    }
}
