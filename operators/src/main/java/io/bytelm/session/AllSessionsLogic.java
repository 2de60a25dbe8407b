package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.source.ConstraintCache;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/** A session scores, or decodes if its {@code open} has a mode. */
public final class AllSessionsLogic implements SessionLogic<SessionState> {
    /** Compiled constraints of one subtask. */
    private static final long CACHE_BYTES = 64L << 20;

    /** Enough for the deepest source within the limits, whatever stack the JVM gives its threads. */
    private static final long COMPILER_STACK_BYTES = 8L << 20;

    private final ScoringLogic scoring;
    private final DecodingLogic decoding;
    private final AutoCloseable compiler;

    private AllSessionsLogic(SessionDefaults defaults, Vocabulary vocabulary, Executor compiler, AutoCloseable closed) {
        ConstraintCache constraints = new ConstraintCache(compiler, CompileLimits.DEFAULT, CACHE_BYTES);
        SessionOpening opening = new SessionOpening(vocabulary, defaults.dummyPrefix());
        this.scoring = new ScoringLogic(defaults, vocabulary);
        this.decoding = new DecodingLogic(defaults, vocabulary, opening, constraints);
        this.compiler = closed;
    }

    /**
     * Compiles constraints where the executor says.
     *
     * @throws IllegalArgumentException if a default EOS token is not in the vocabulary; the message names it
     */
    public AllSessionsLogic(SessionDefaults defaults, Vocabulary vocabulary, Executor compiler) {
        this(defaults, vocabulary, compiler, () -> {});
    }

    /** Makes the logic where the operator runs, with a thread for compiling constraints. */
    public record Factory(SessionDefaults defaults) implements SessionLogic.Factory<SessionState> {
        private static final long serialVersionUID = 1;

        @Override
        public SessionLogic<SessionState> create(Vocabulary vocabulary) {
            ExecutorService compiler = Executors.newSingleThreadExecutor(work -> {
                Thread thread = new Thread(null, work, "bytelm-constraint-compiler", COMPILER_STACK_BYTES);
                thread.setDaemon(true);
                return thread;
            });
            return new AllSessionsLogic(defaults, vocabulary, compiler, compiler::shutdownNow);
        }
    }

    @Override
    public Optional<CompletableFuture<?>> preparation(@Nullable SessionState state, InputRecord record) {
        boolean isDecoding = state instanceof DecodingState || opensDecoding(state, record);
        return isDecoding ? Optional.ofNullable(decoding.preparation(state, record)) : Optional.empty();
    }

    @Override
    public Step<Transition<SessionState>> onRecord(@Nullable SessionState state, InputRecord record) {
        byte[] session = record.key();
        byte[] value = record.value();
        if (session == null || scoring.isOversized(value)) {
            return scoring.onRecord(state, record); // which says why not
        }
        if (state instanceof DecodingState decodingState) {
            String op = Objects.requireNonNullElse(record.op(), "bytes");
            return decoding.onRecord(decodingState, record, session, op);
        }
        if (value != null && opensDecoding(state, record)) {
            return decoding.open(state, record, session, value);
        }
        return scoring.onRecord(state, record);
    }

    private static boolean opensDecoding(@Nullable SessionState state, InputRecord record) {
        boolean canOpen = state == null || state instanceof Ended;
        return canOpen && "open".equals(record.op()) && DecodeRequest.hasMode(record.value());
    }

    @Override
    public boolean isOpen(SessionState state) {
        return !(state instanceof Ended);
    }

    @Override
    public List<TokenContext> contexts(SessionState state) {
        return state.contexts();
    }

    @Override
    public SessionState withContexts(SessionState state, List<TokenContext> contexts) {
        return state.withContexts(contexts);
    }

    @Override
    public void close() throws Exception {
        compiler.close();
    }
}
