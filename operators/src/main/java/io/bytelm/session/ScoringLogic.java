package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Lookahead;
import io.bytelm.beam.Step;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.DecodingState;
import io.bytelm.record.Emission;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.OutputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Open;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Objects;
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
    private final BeamParams defaultParams;
    private final SessionOpening opening;
    private final long contextTokens;
    private final PieceSize piece;

    /**
     * @param contextTokens how many tokens of a context the model reads at most
     * @throws IllegalArgumentException if a default EOS token is not in the vocabulary; the message names it
     */
    public ScoringLogic(SessionDefaults defaults, Vocabulary vocabulary, long contextTokens) {
        this(defaults, vocabulary, contextTokens, PieceSize.STANDARD);
    }

    /** With pieces of another size. */
    ScoringLogic(SessionDefaults defaults, Vocabulary vocabulary, long contextTokens, PieceSize piece) {
        this.defaults = defaults;
        this.vocabulary = vocabulary;
        this.defaultParams = defaults.beamParams(vocabulary);
        this.opening = new SessionOpening(vocabulary, defaults.dummyPrefix());
        this.contextTokens = contextTokens;
        this.piece = piece;
    }

    /** Makes the logic where the operator runs. */
    public record Factory(SessionDefaults defaults) implements SessionLogic.Factory<SessionState> {
        private static final long serialVersionUID = 1;

        @Override
        public SessionLogic<SessionState> create(Vocabulary vocabulary, long contextTokens) {
            return new ScoringLogic(defaults, vocabulary, contextTokens);
        }
    }

    @Override
    public long branchTokens(@Nullable SessionState state) {
        if (state instanceof SessionState.Open open) {
            return open.beam().params().branchTokens();
        }
        if (state instanceof DecodingState.Steered steered) {
            return steered.draft().beam().params().branchTokens();
        }
        if (state instanceof DecodingState.Driven driven) {
            return driven.drafts().stream()
                    .mapToLong(draft -> draft.beam().params().branchTokens())
                    .sum();
        }
        return defaultParams.branchTokens();
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
        return switch (Objects.requireNonNullElse(record.op(), "bytes")) {
            case "bytes" -> bytes(state, record, session, resumed.at());
            case "open" -> open(resumed, record, session);
            case "end" -> end(state, record, session, resumed.at());
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
        Resumed resumed = Resumed.of(state, record);
        Emission emission = resumed.state() instanceof Open open ? open.emission() : defaults.emission();
        byte[] value = record.value();
        long ofBytes = HeldOutputs.mostOf(emission, value == null ? 0 : value.length - resumed.at(), piece);
        return "end".equals(record.op()) ? ofBytes + HeldOutputs.mostOf(emission) : ofBytes;
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
    public @Nullable SessionState begunAnew(SessionState state) {
        return state instanceof Ended ? state : null;
    }

    boolean isOversized(byte @Nullable [] value) {
        return value != null && value.length > defaults.maxChunkBytes();
    }

    private Step<Transition<SessionState>> bytes(
            @Nullable SessionState state, InputRecord record, byte[] session, int at) {
        byte[] chunk = record.value();
        if (chunk == null) {
            return refused(state, Refusals.noValue(record));
        }
        if (state instanceof Ended) {
            return refused(state, Refusals.ended(record));
        }
        if (state instanceof DeadEnd) {
            return refused(state, Refusals.deadEnd(record));
        }
        ScoreWriter writer = new ScoreWriter(session, record.source(), contextTokens);
        if (state instanceof Open open) {
            return ChunkScoring.run(open, chunk, at, piece, writer);
        }
        OpenRequest implicit = new OpenRequest(new byte[0], defaultParams, defaults.emission());
        return opening.prompted(implicit, null, Integer.MAX_VALUE).then(prompted -> {
            Open open = opened(implicit, prompted.beam());
            return open.beam().isDead() ? deadPrompt(open, writer) : ChunkScoring.run(open, chunk, 0, piece, writer);
        });
    }

    private Step<Transition<SessionState>> open(Resumed resumed, InputRecord record, byte[] session) {
        SessionState state = resumed.state();
        if (state instanceof Open) {
            return refused(state, Refusals.alreadyOpen(record));
        }
        if (state instanceof DeadEnd) {
            return refused(state, Refusals.deadEnd(record));
        }
        OpenRequest request;
        try {
            request = OpenRequest.parse(record.value(), defaultParams, defaults.emission(), vocabulary);
            defaults.limits().check(request.params().width(), 1);
        } catch (RejectedRecordException e) {
            return refused(state, new DeadLetter(record, e.reason(), String.valueOf(e.getMessage())));
        }
        ScoreWriter writer = new ScoreWriter(session, record.source(), contextTokens);
        byte[] value = record.value();
        int mostBytes = piece.promptBytes(value == null ? 0 : value.length);
        return opening.prompted(request, resumed.opening(), mostBytes).then(prompted -> {
            if (!prompted.isComplete()) {
                return Step.done(Transition.goingOn(prompted.partway(record.source(), state), List.of()));
            }
            Open open = opened(request, prompted.beam());
            return open.beam().isDead() ? deadPrompt(open, writer) : committed(open.stored(), List.of());
        });
    }

    /** The session after its prompt; its beam is dead if the prompt was a dead end. */
    private static Open opened(OpenRequest request, Beam prompted) {
        double logZ = prompted.logZ();
        // A beam whose hypotheses all weigh nothing can be followed no further than an empty one.
        Beam live = logZ == Double.NEGATIVE_INFINITY ? prompted.died() : prompted;
        return new Open(live, request.emission(), logZ, Totals.NONE);
    }

    private static Step<Transition<SessionState>> deadPrompt(Open open, ScoreWriter writer) {
        DeadEnd deadEnd = new DeadEnd(Totals.NONE, open.longestContext());
        return committed(deadEnd, List.of(writer.deadEnd(deadEnd, null)));
    }

    private Step<Transition<SessionState>> end(
            @Nullable SessionState state, InputRecord record, byte[] session, int at) {
        if (!LastBytes.isIn(record)) {
            return ended(state, record, session);
        }
        if (state instanceof DeadEnd) { // no other bytes would help it, so it does not wait for them
            return ended(state, record, session).map(end -> end.butRefused(Refusals.lastBytesAfterDeadEnd(record)));
        }
        return LastBytes.of(bytes(state, record, session, at), after -> ended(after, record, session));
    }

    private Step<Transition<SessionState>> ended(@Nullable SessionState state, InputRecord record, byte[] session) {
        ScoreWriter writer = new ScoreWriter(session, record.source(), contextTokens);
        if (state instanceof Open open) {
            return lastScore(open, writer).then(score -> committed(new Ended(), List.of(score)));
        }
        if (state instanceof DeadEnd deadEnd) {
            return committed(new Ended(), List.of(writer.endAfterDeadEnd(deadEnd)));
        }
        return refused(state, state == null ? Refusals.notOpen(record) : Refusals.ended(record));
    }

    private static Step<Score> lastScore(Open open, ScoreWriter writer) {
        boolean hasEos = open.beam().params().eosTokens().length > 0;
        if (!hasEos && open.emission().top() == 0) {
            return Step.done(writer.scored(Event.END, open, null));
        }
        return open.beam()
                .predict(Lookahead.NONE)
                .map(next -> hasEos ? writer.endWithEos(open, next) : writer.scored(Event.END, open, next));
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }

    private static Step<Transition<SessionState>> committed(
            @Nullable SessionState state, List<? extends OutputRecord> outputs) {
        return Step.done(new Transition<>(state, List.copyOf(outputs)));
    }
}
