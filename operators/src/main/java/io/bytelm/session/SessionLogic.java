package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.InputRecord;
import io.bytelm.service.TrieLmService;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a session does with its records, as a pure function: the operator may run it again from the same state after a
 * failure and must get the same transition.
 *
 * @param <S> the session's state, immutable
 */
public interface SessionLogic<S> extends AutoCloseable {
    /**
     * Work on another thread that a record needs before {@link #onRecord}, such as compiling; asked again when it is done.
     * Not a part of the transition: it may be repeated, and forgotten.
     *
     * @return what the record has to wait for; empty if nothing is missing
     */
    default Optional<CompletableFuture<?>> preparation(@Nullable S state, InputRecord record) {
        return Optional.empty();
    }

    /**
     * @param state the session's state; null for a session not seen before, or forgotten
     * @param record one record of this session
     */
    Step<Transition<S>> onRecord(@Nullable S state, InputRecord record);

    /** Whether a session in this state is open, not merely remembered to have ended. */
    default boolean isOpen(S state) {
        return true;
    }

    /** Whether the text of an open session has outgrown the model's context; once it has, it stays so. */
    default boolean isTruncated(S state) {
        return false;
    }

    /**
     * How many bytes of a record's value this session has read and keeps; more than 0 only in the middle of the record,
     * after a {@link Transition} that goes on.
     *
     * @param state null as in {@link #onRecord}
     */
    default int bytesRead(@Nullable S state, InputRecord record) {
        return 0;
    }

    /**
     * What is left of a session when the record in whose middle it stands becomes a dead letter.
     *
     * @return null if nothing is left
     */
    default @Nullable S withoutRest(S state) {
        return state;
    }

    /**
     * The most memory (bytes, an estimate) that the outputs of this record take until they are committed, those of a piece of
     * it where it goes in pieces. The operator holds it against its budget.
     *
     * @param state null as in {@link #onRecord}
     */
    default long mostOutputBytes(@Nullable S state, InputRecord record) {
        return 0;
    }

    /**
     * The token contexts inside a state; none unless a logic says otherwise. The contexts of a session's next state may
     * grow from those of this one: what all of them begin with is then stored once, and never written again.
     */
    default List<TokenContext> contexts(S state) {
        return List.of();
    }

    /** The same by the models that they are of, in the same order all together. */
    default List<List<TokenContext>> contextsByModel(S state) {
        return List.of(contexts(state));
    }

    /** The same state on other contexts, as many as {@link #contexts} gives, and in that order. */
    default S withContexts(S state, List<TokenContext> contexts) {
        return state;
    }

    /**
     * What of the logic's settings the numbers of sessions depend on that are open, besides the model; as in
     * {@link io.bytelm.service.TrieLmService#identity}.
     */
    default ModelIdentity identity() {
        return ModelIdentity.UNKNOWN;
    }

    /**
     * What is left of a session when its model was changed: nothing that the old one has said, and no tokens.
     *
     * @return null for a session as if it had not been seen before
     */
    default @Nullable S begunAnew(S state) {
        return null;
    }

    /**
     * How many more contexts a session in this state needs the model to keep the states of, beside {@link #contexts} and
     * what it reads.
     *
     * @param state null for a session not seen before
     */
    default long branchTokens(@Nullable S state) {
        return 0;
    }

    /** Ends what runs on other threads. */
    @Override
    default void close() throws Exception {}

    /** Makes the logic on the machine where it runs, once the model is known. */
    interface Factory<S> extends Serializable {
        /** @param service is not asked about sessions here */
        SessionLogic<S> create(TrieLmService service);
    }
}
