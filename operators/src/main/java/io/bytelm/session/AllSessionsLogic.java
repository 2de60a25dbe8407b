package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.source.ConstraintCache;
import io.bytelm.dist.Symbols;
import io.bytelm.lm.ModelIdentity;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A session scores, or decodes if its {@code open} has a mode. */
public final class AllSessionsLogic implements SessionLogic<SessionState> {
    /** Compiled constraints of one subtask. */
    private static final long CACHE_BYTES = 64L << 20;

    private static final byte[] NO_BYTES = {};

    private final ScoringLogic scoring;
    private final DecodingLogic decoding;
    private final AutoCloseable compiler;
    private final List<byte[]> dummyPrefixes; // one a model

    private AllSessionsLogic(
            SessionDefaults defaults,
            Vocabulary vocabulary,
            long contextTokens,
            PieceSize piece,
            RulesOnDemand rules,
            Executor compiler,
            AutoCloseable closed) {
        ConstraintCache constraints = new ConstraintCache(compiler, CompileLimits.DEFAULT, CACHE_BYTES);
        SessionOpening opening = new SessionOpening(vocabulary, defaults.dummyPrefix());
        this.scoring = new ScoringLogic(defaults, vocabulary, contextTokens, piece, rules);
        ModelReaders readers = new ModelReaders(vocabulary, rules);
        this.decoding = new DecodingLogic(defaults, readers, contextTokens, opening, constraints, piece);
        this.compiler = closed;
        this.dummyPrefixes = List.of(defaults.dummyPrefix() ? vocabulary.dummyPrefix() : NO_BYTES);
    }

    /** Of several models. */
    AllSessionsLogic(
            SessionDefaults defaults,
            CombinedReaders readers,
            long contextTokens,
            PieceSize piece,
            Executor compiler,
            AutoCloseable closed) {
        ConstraintCache constraints = new ConstraintCache(compiler, CompileLimits.DEFAULT, CACHE_BYTES);
        SessionOpening opening = new SessionOpening(readers.vocabulary(), false); // each model reads its own prefix
        this.scoring = new ScoringLogic(defaults, readers, opening, contextTokens, piece);
        this.decoding = new DecodingLogic(defaults, readers, contextTokens, opening, constraints, piece);
        this.compiler = closed;
        this.dummyPrefixes = readers.models().stream()
                .map(CombinedReaders.Model::dummyPrefix)
                .toList();
    }

    /**
     * Compiles constraints where the executor says.
     *
     * @param contextTokens how many tokens of a context the model reads at most
     * @throws IllegalArgumentException if a default EOS token is not in the vocabulary; the message names it
     */
    public AllSessionsLogic(SessionDefaults defaults, Vocabulary vocabulary, long contextTokens, Executor compiler) {
        this(defaults, vocabulary, contextTokens, PieceSize.STANDARD, RulesOnDemand.none(), compiler, () -> {});
    }

    /** With pieces of another size. */
    AllSessionsLogic(
            SessionDefaults defaults, Vocabulary vocabulary, long contextTokens, PieceSize piece, Executor compiler) {
        this(defaults, vocabulary, contextTokens, piece, RulesOnDemand.none(), compiler, () -> {});
    }

    /** Of a service that says how its tokenizer writes texts, or why not; compiles and asks it where the executor says. */
    AllSessionsLogic(SessionDefaults defaults, TrieLmService service, PieceSize piece, Executor compiler) {
        this(defaults, service, piece, compiler, () -> {});
    }

    AllSessionsLogic(
            SessionDefaults defaults, TrieLmService service, PieceSize piece, Executor compiler, AutoCloseable closed) {
        this(
                defaults,
                service.vocabulary(),
                service.contextTokens(),
                piece,
                new RulesOnDemand(service::canonicalRules, compiler),
                compiler,
                closed);
    }

    @Override
    public Optional<CompletableFuture<?>> preparation(@Nullable SessionState state, InputRecord record) {
        Resumed resumed = Resumed.of(state, record);
        boolean isDecoding = resumed.state() instanceof DecodingState || opensDecoding(resumed.state(), record);
        return isDecoding
                ? Optional.ofNullable(decoding.preparation(resumed, record))
                : scoring.preparation(state, record);
    }

    @Override
    public Step<Transition<SessionState>> onRecord(@Nullable SessionState state, InputRecord record) {
        Resumed resumed = Resumed.of(state, record);
        byte[] session = record.key();
        byte[] value = record.value();
        if (session == null || scoring.isOversized(value)) {
            return scoring.onRecord(resumed, record); // which says why not
        }
        if (resumed.state() instanceof DecodingState decodingState) {
            String op = Objects.requireNonNullElse(record.op(), "bytes");
            return decoding.onRecord(decodingState, record, session, op, resumed.at());
        }
        if (value != null && opensDecoding(resumed.state(), record)) {
            return decoding.open(resumed, record, session, value);
        }
        return scoring.onRecord(resumed, record);
    }

    private static boolean opensDecoding(@Nullable SessionState state, InputRecord record) {
        boolean canOpen = state == null || state instanceof Ended;
        return canOpen && "open".equals(record.op()) && DecodeRequest.hasMode(record.value());
    }

    @Override
    public boolean isOpen(SessionState state) {
        return scoring.isOpen(state);
    }

    @Override
    public boolean isTruncated(SessionState state) {
        return scoring.isTruncated(state);
    }

    @Override
    public int bytesRead(@Nullable SessionState state, InputRecord record) {
        return Resumed.bytesRead(state, record);
    }

    @Override
    public @Nullable SessionState withoutRest(SessionState state) {
        return Resumed.withoutRest(state);
    }

    /** What an {@code open} asks for is not known before it is read, so it counts as a driven one that lists all. */
    @Override
    public long mostOutputBytes(@Nullable SessionState state, InputRecord record) {
        if (Resumed.of(state, record).state() instanceof DecodingState decodingState) {
            return HeldOutputs.mostOf(decodingState);
        }
        return "open".equals(record.op()) ? mostOfOpen(record) : scoring.mostOutputBytes(state, record);
    }

    private static long mostOfOpen(InputRecord record) {
        byte[] value = record.value();
        long driven = DrivenPiece.ROUNDS * HeldOutputs.mostOf(new Emission(Emission.When.BYTE, Symbols.COUNT));
        return Math.max(driven, HeldOutputs.mostOfCandidates(value == null ? 0 : value.length));
    }

    @Override
    public List<TokenContext> contexts(SessionState state) {
        return state.contexts();
    }

    @Override
    public List<List<TokenContext>> contextsByModel(SessionState state) {
        return state.contextsByModel();
    }

    @Override
    public SessionState withContexts(SessionState state, List<TokenContext> contexts) {
        return state.withContexts(contexts);
    }

    @Override
    public ModelIdentity identity() {
        return ModelIdentity.UNKNOWN.with(
                "dummy prefix",
                dummyPrefixes.stream()
                        .map(prefix ->
                                prefix.length == 0 ? "none" : HexFormat.of().formatHex(prefix))
                        .collect(Collectors.joining(" + ")));
    }

    /** Nobody knows the prompt any more that a decoding session had: it waits for another {@code open}. */
    @Override
    public @Nullable SessionState begunAnew(SessionState state) {
        return state instanceof DecodingState ? new Ended() : scoring.begunAnew(state);
    }

    @Override
    public long branchTokens(@Nullable SessionState state) {
        return scoring.branchTokens(state);
    }

    @Override
    public void close() throws Exception {
        compiler.close();
    }
}
