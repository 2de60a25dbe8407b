package io.bytelm.session;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.DecodingState;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.Observations;
import io.bytelm.record.Observations.Spans;
import io.bytelm.record.OnDeadEnd;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.Reading;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.Tokenizations;
import io.bytelm.span.SpanKind;
import io.bytelm.span.Splitter;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A scoring session: opened by its {@code open} or, with the defaults, by its first bytes; then how probable its bytes
 * are, and what comes next; then its end. What cannot be processed becomes a dead letter and leaves the session as it is.
 *
 * <p>The prompt, and the space that a SentencePiece tokenizer puts before the first word, are read but not scored. Long
 * records go in pieces, each of which is committed.
 */
public final class ScoringLogic implements SessionLogic<SessionState> {
    private final SessionDefaults defaults;
    private final Vocabulary vocabulary;
    private final OpenRequest implicit;
    private final TextReaders readers;
    private final long contextTokens;
    private final PieceSize piece;
    private final ScoringTerms terms;

    /**
     * @param contextTokens how many tokens of a context the model reads at most
     * @throws IllegalArgumentException if a default EOS token is not in the vocabulary; the message names it
     */
    public ScoringLogic(SessionDefaults defaults, Vocabulary vocabulary, long contextTokens) {
        this(defaults, vocabulary, contextTokens, PieceSize.STANDARD, RulesOnDemand.none());
    }

    /**
     * With pieces of another size.
     *
     * @param rules how the model's tokenizer writes texts
     */
    ScoringLogic(
            SessionDefaults defaults, Vocabulary vocabulary, long contextTokens, PieceSize piece, RulesOnDemand rules) {
        this(
                defaults,
                new ModelReaders(vocabulary, rules),
                new SessionOpening(vocabulary, defaults.dummyPrefix()),
                contextTokens,
                piece);
    }

    /**
     * Of one model, or of several.
     *
     * @param readers of one model, or of several
     * @param opening how sessions begin
     */
    ScoringLogic(
            SessionDefaults defaults,
            TextReaders readers,
            SessionOpening opening,
            long contextTokens,
            PieceSize piece) {
        this.defaults = defaults;
        this.vocabulary = readers.vocabulary();
        this.implicit = defaults.openRequest(vocabulary);
        this.readers = readers;
        this.contextTokens = contextTokens;
        this.piece = piece;
        this.terms = new ScoringTerms(implicit, defaults.limits(), readers, new Splitters(), opening, piece);
    }

    @Override
    public long branchTokens(@Nullable SessionState state) {
        if (state instanceof SessionState.Open open) {
            return open.reading().branchTokens();
        }
        if (state instanceof DecodingState decoding) {
            return decoding.branchTokens();
        }
        return implicit.canonical() == null ? implicit.params().branchTokens() : Reading.Canonical.BRANCH_TOKENS;
    }

    /** How the tokenizer writes texts, while that is being found out for a session that has to know it. */
    @Override
    public Optional<CompletableFuture<?>> preparation(@Nullable SessionState state, InputRecord record) {
        return needsRules(state, record) ? Optional.ofNullable(readers.preparation()) : Optional.empty();
    }

    private boolean needsRules(@Nullable SessionState state, InputRecord record) {
        Resumed resumed = Resumed.of(state, record);
        Opening begun = resumed.opening();
        if (begun != null) { // a long prompt is not parsed again for this with each of its pieces
            return begun.reading().isCanonical();
        }
        if (resumed.state() instanceof Open open) {
            return open.reading().isCanonical();
        }
        if (implicit.canonical() != null || !"open".equals(record.op()) || !mentionsCanonical(record.value())) {
            return implicit.canonical() != null;
        }
        try {
            return OpenRequest.parse(record.value(), implicit, vocabulary).canonical() != null;
        } catch (RejectedRecordException toldLater) {
            return false;
        }
    }

    /** Saves most opens from being read twice; one that spells it otherwise is waited for where it is read. */
    private static boolean mentionsCanonical(byte @Nullable [] value) {
        return value != null && new String(value, ISO_8859_1).contains(Tokenizations.CANONICAL.label());
    }

    @Override
    public Step<Transition<SessionState>> onRecord(@Nullable SessionState state, InputRecord record) {
        return onRecord(Resumed.of(state, record), record);
    }

    Step<Transition<SessionState>> onRecord(Resumed resumed, InputRecord record) {
        byte[] session = record.key();
        SessionState state = resumed.state();
        if (session == null) {
            return refused(state, Refusals.noKey(record));
        }
        byte[] value = record.value();
        if (value != null && isOversized(value)) {
            return refused(state, Refusals.oversized(record, value.length, defaults.maxChunkBytes()));
        }
        ScoreWriter writer = new ScoreWriter(session, record.source(), contextTokens);
        return switch (Objects.requireNonNullElse(record.op(), "bytes")) {
            case "bytes" -> new ScoredRecord(terms, record, writer).bytes(state, resumed.at());
            case "open" -> new OpeningRecord(terms, record, writer).open(resumed);
            case "end" -> new ScoredRecord(terms, record, writer).end(state, resumed.at());
            case "candidates" -> new AskingRecord(terms, record, writer).candidates(state);
            default -> refused(state, Refusals.unknownOp(record));
        };
    }

    @Override
    public boolean isOpen(SessionState state) {
        return !(state instanceof Ended || state instanceof Opening);
    }

    @Override
    public boolean isTruncated(SessionState state) {
        return state.longestContext() > contextTokens;
    }

    @Override
    public int bytesRead(@Nullable SessionState state, InputRecord record) {
        return Resumed.bytesRead(state, record);
    }

    @Override
    public @Nullable SessionState withoutRest(SessionState state) {
        return Resumed.withoutRest(state);
    }

    @Override
    public long mostOutputBytes(@Nullable SessionState state, InputRecord record) {
        byte[] value = record.value();
        if ("candidates".equals(record.op())) {
            return HeldOutputs.mostOfCandidates(value == null ? 0 : value.length);
        }
        Resumed resumed = Resumed.of(state, record);
        Emission emission = resumed.state() instanceof Open open ? open.emission() : defaults.emission();
        boolean restarts = resumed.state() instanceof Open open
                ? open.leftOut() != null
                : defaults.onDeadEnd() == OnDeadEnd.RESTART;
        int bytes = value == null ? 0 : value.length - resumed.at();
        long ofDeadEnds = restarts ? HeldOutputs.mostOfDeadEnds(bytes, piece) : 0;
        Observations observations = resumed.state() instanceof Open open
                ? open.observations()
                : Observations.begun(implicit.observing(), 0, restarts);
        if (!observations.equals(Observations.NONE)) {
            int textBytes = Math.min(bytes, piece.textBytes());
            return HeldOutputs.mostOfObserved(emission, piece, mostDecided(observations.spans(), textBytes))
                    + ofDeadEnds;
        }
        long ofBytes = HeldOutputs.mostOf(emission, bytes, piece) + ofDeadEnds;
        return "end".equals(record.op()) ? ofBytes + HeldOutputs.mostOf(emission) : ofBytes;
    }

    /** Only the matches of an expression may be decided long after their last byte, as many as there are bytes. */
    private static int mostDecided(@Nullable Spans spans, int textBytes) {
        return spans == null || spans.rule().kind() != SpanKind.REGEX
                ? 0
                : Math.min(Splitter.MOST_UNDECIDED_BYTES, spans.progress().undecided().length + textBytes);
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
    public @Nullable SessionState begunAnew(SessionState state) {
        return state instanceof Ended ? state : null;
    }

    boolean isOversized(byte @Nullable [] value) {
        return value != null && value.length > defaults.maxChunkBytes();
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
