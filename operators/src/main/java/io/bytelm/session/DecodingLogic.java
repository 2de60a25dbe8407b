package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.Step;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintCache;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.session.SessionOpening.Prompted;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Decoding sessions. What cannot be processed becomes a dead letter and leaves the session as it is. */
final class DecodingLogic {
    private final SessionDefaults defaults;
    private final Vocabulary vocabulary;
    private final long contextTokens;
    private final SessionOpening opening;
    private final ConstraintCache constraints;
    private final PieceSize piece;

    DecodingLogic(
            SessionDefaults defaults,
            Vocabulary vocabulary,
            long contextTokens,
            SessionOpening opening,
            ConstraintCache constraints,
            PieceSize piece) {
        this.defaults = defaults;
        this.vocabulary = vocabulary;
        this.contextTokens = contextTokens;
        this.opening = opening;
        this.constraints = constraints;
        this.piece = piece;
    }

    /** The constraint that a record needs, while it is being compiled; null if there is none, or it is at hand. */
    @Nullable
    CompletableFuture<?> preparation(@Nullable SessionState state, InputRecord record) {
        if (state instanceof DecodingState decoding) {
            ConstraintSource accepted = decoding.terms().constraint();
            return accepted == null ? null : unlessDone(constraints.getAccepted(accepted));
        }
        if (record.value() == null) {
            return null;
        }
        try {
            ConstraintSource asked = parse(record.value()).constraint();
            return asked == null ? null : unlessDone(constraints.get(asked));
        } catch (RejectedRecordException toldLater) {
            return null;
        }
    }

    private static @Nullable CompletableFuture<?> unlessDone(CompletableFuture<?> compiled) {
        return compiled.isDone() ? null : compiled;
    }

    private DecodeRequest parse(byte[] value) throws RejectedRecordException {
        DecodeRequest request =
                DecodeRequest.parse(value, defaults.decodingParams(vocabulary), defaults.emission(), vocabulary);
        defaults.limits().check(request.opened().params().width(), request.particles());
        return request;
    }

    /** An {@code open} with a mode, for a session that is not open. */
    Step<Transition<SessionState>> open(Resumed resumed, InputRecord record, byte[] session, byte[] value) {
        SessionState state = resumed.state();
        DecodeRequest request;
        Constraint constraint;
        try {
            request = parse(value);
            ConstraintSource asked = request.constraint();
            constraint = asked == null
                    ? AnyBytes.INSTANCE
                    : constraints.get(asked).join().orThrow();
        } catch (RejectedRecordException e) {
            return refused(state, new DeadLetter(record, e.reason(), String.valueOf(e.getMessage())));
        } catch (ConstraintException e) {
            return refused(state, Refusals.constraint(record, e));
        }
        Terms terms = terms(request, constraint, record);
        boolean eosEnds = request.opened().params().eosTokens().length > 0;
        DecodingRules rules;
        try {
            rules = SavedDecodings.rules(terms, constraint, eosEnds, session);
        } catch (ConstraintException e) {
            return refused(state, Refusals.constraint(record, e));
        } catch (IllegalArgumentException e) {
            return refused(state, Refusals.budget(record, e));
        }
        DecodeWriter writer = new DecodeWriter(session, record.source(), contextTokens);
        Opening begun = resumed.opening();
        BeamReader from = BeamReader.goingOn(vocabulary, request.opened(), begun);
        return RefusableStep.of(
                () -> opening.prompted(request.opened(), from, begun, piece.promptBytes(value.length))
                        .then(prompted -> begin(prompted, resumed, record, request.driven(), terms, rules, writer)),
                refusal -> refused(state, Refusals.constraint(record, refusal)));
    }

    private static Step<Transition<SessionState>> begin(
            Prompted prompted,
            Resumed resumed,
            InputRecord record,
            boolean driven,
            Terms terms,
            DecodingRules rules,
            DecodeWriter writer) {
        Beam beam = BeamReader.beamOf(prompted.reader());
        if (!prompted.isComplete()) {
            return Step.done(Transition.goingOn(prompted.partway(record.source(), resumed.state()), List.of()));
        }
        if (beam.logZ() == Double.NEGATIVE_INFINITY) {
            return refused(resumed.state(), Refusals.deadPrompt(record));
        }
        return driven
                ? Decoding.begin(beam, rules).then(begun -> DrivenPiece.first(begun, terms, rules, writer))
                : new SteeredBytes(terms, rules, writer).told(Draft.empty(beam.normalized(), rules));
    }

    private static Terms terms(DecodeRequest request, Constraint constraint, InputRecord record) {
        return new Terms(
                request.constraint(),
                constraint.fingerprint(),
                request.sampler(),
                request.stop(),
                request.maxBytes(),
                request.particles(),
                request.opened().emission(),
                record.source());
    }

    /**
     * The constraint of an open session: it was accepted then, and is accepted now.
     *
     * @throws ConstraintException if this build cannot compile it at all
     */
    private Constraint accepted(@Nullable ConstraintSource source) {
        return source == null
                ? AnyBytes.INSTANCE
                : constraints.getAccepted(source).join().orThrow();
    }

    /**
     * A record of a session that decodes.
     *
     * @param at how many of its bytes were read before
     */
    Step<Transition<SessionState>> onRecord(
            DecodingState state, InputRecord record, byte[] session, String op, int at) {
        return RefusableStep.of(
                () -> onAcceptedRecord(state, record, session, op, at),
                refusal -> refusedSession(state, record, op, refusal));
    }

    /** The session stays as it is, until it is ended: then without an output, which nobody can vouch for. */
    private static Step<Transition<SessionState>> refusedSession(
            DecodingState state, InputRecord record, String op, ConstraintException refusal) {
        return refused(op.equals("end") ? new Ended() : state, Refusals.sessionConstraint(record, refusal));
    }

    private Step<Transition<SessionState>> onAcceptedRecord(
            DecodingState state, InputRecord record, byte[] session, String op, int at) {
        DecodeWriter writer = new DecodeWriter(session, record.source(), contextTokens);
        if (state instanceof Driven driven) {
            return onDriven(driven, record, session, op, writer);
        }
        Steered steered = (Steered) state;
        DecodingRules rules = rules(steered.terms(), steered.draft().beam(), session);
        Draft draft = SavedDecodings.restore(steered.draft(), steered.terms(), rules);
        SteeredBytes bytes = new SteeredBytes(steered.terms(), rules, writer);
        return switch (op) {
            case "bytes" -> steered(steered, draft, record, at, bytes);
            case "end" ->
                LastBytes.isIn(record)
                        ? LastBytes.of(steered(steered, draft, record, at, bytes), after -> ended(after, rules, writer))
                        : ended(steered, rules, writer);
            case "open" -> refused(state, Refusals.alreadyOpen(record));
            case "candidates" -> refused(state, Refusals.decoding(record));
            default -> refused(state, Refusals.unknownOp(record));
        };
    }

    private Step<Transition<SessionState>> onDriven(
            Driven driven, InputRecord record, byte[] session, String op, DecodeWriter writer) {
        Terms terms = driven.terms();
        DecodingRules rules = rules(terms, driven.drafts().get(0).beam(), session);
        Decoding decoding = SavedDecodings.restore(driven, rules);
        if (op.equals("open") && record.source().equals(terms.opened())) {
            return DrivenPiece.next(decoding, terms, rules, writer);
        }
        // Only after its open became a dead letter in the middle: the service failed, and the job goes on.
        return switch (op) {
            case "end" ->
                LastBytes.isIn(record)
                        ? ended(decoding, rules, writer).map(end -> end.butRefused(Refusals.lastBytesOfDriven(record)))
                        : ended(decoding, rules, writer);
            case "open" -> refused(driven, Refusals.alreadyOpen(record));
            case "candidates" -> refused(driven, Refusals.decoding(record));
            case "bytes" -> refused(driven, Refusals.driven(record));
            default -> refused(driven, Refusals.unknownOp(record));
        };
    }

    private Step<Transition<SessionState>> steered(
            Steered state, Draft draft, InputRecord record, int at, SteeredBytes bytes) {
        byte[] chosen = record.value();
        if (chosen == null) {
            return refused(state, Refusals.noValue(record));
        }
        int refused = at == 0 ? bytes.firstRefused(draft, chosen) : -1; // of what follows it was found out before
        return refused < 0
                ? bytes.read(draft, chosen, at, piece)
                : refused(state, Refusals.notAllowed(record, bytes.refusal(draft, chosen, refused)));
    }

    /** @param state a steered session */
    private static Step<Transition<SessionState>> ended(
            @Nullable SessionState state, DecodingRules rules, DecodeWriter writer) {
        if (state instanceof Steered steered) {
            Draft draft = SavedDecodings.restore(steered.draft(), steered.terms(), rules);
            return ended(new Decoding(List.of(draft), 0, 0), rules, writer);
        }
        throw new IllegalArgumentException("only a steered session goes on from its bytes, not " + state);
    }

    private static Step<Transition<SessionState>> ended(Decoding decoding, DecodingRules rules, DecodeWriter writer) {
        return Step.done(new Transition<>(new Ended(), List.of(writer.finished(decoding, decoding.chosen(rules)))));
    }

    private DecodingRules rules(Terms terms, Beam beam, byte[] session) {
        return SavedDecodings.rules(terms, accepted(terms.constraint()), SavedDecodings.eosEnds(beam), session);
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
