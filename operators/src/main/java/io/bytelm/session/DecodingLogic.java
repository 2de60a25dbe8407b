package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.ConstraintCache;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.ReadText;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.SavedDraft;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Opening;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Decoding sessions. What cannot be processed becomes a dead letter and leaves the session as it is. */
final class DecodingLogic {
    private final DecodingOpenings openings;
    private final TextReaders readers;
    private final long contextTokens;
    private final ConstraintCache constraints;
    private final PieceSize piece;

    DecodingLogic(
            SessionDefaults defaults,
            TextReaders readers,
            long contextTokens,
            SessionOpening opening,
            ConstraintCache constraints,
            PieceSize piece) {
        this.openings = new DecodingOpenings(defaults, readers, contextTokens, opening, constraints, piece);
        this.readers = readers;
        this.contextTokens = contextTokens;
        this.constraints = constraints;
        this.piece = piece;
    }

    /**
     * The constraint that a record needs, and how the tokenizer writes texts, while they are being found out; null if nothing
     * is missing.
     */
    @Nullable
    CompletableFuture<?> preparation(Resumed resumed, InputRecord record) {
        if (resumed.state() instanceof DecodingState decoding) {
            return preparation(decoding.terms().constraint(), true, decoding.isCanonical());
        }
        if (record.value() == null) {
            return null;
        }
        try {
            DecodeRequest asked = openings.parse(record.value());
            Opening begun = resumed.opening();
            boolean canonical = begun == null
                    ? asked.opened().canonical() != null
                    : begun.reading().isCanonical();
            return preparation(asked.constraint(), false, canonical);
        } catch (RejectedRecordException toldLater) {
            return null;
        }
    }

    private @Nullable CompletableFuture<?> preparation(
            @Nullable ConstraintSource constraint, boolean accepted, boolean canonical) {
        CompletableFuture<?> rules = canonical ? readers.preparation() : null;
        if (rules != null || constraint == null) {
            return rules;
        }
        CompletableFuture<?> compiled = accepted ? constraints.getAccepted(constraint) : constraints.get(constraint);
        return compiled.isDone() ? null : compiled;
    }

    /** An {@code open} with a mode, for a session that is not open. */
    Step<Transition<SessionState>> open(Resumed resumed, InputRecord record, byte[] session, byte[] value) {
        return openings.open(resumed, record, session, value);
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
                refusal -> refusedSession(state, op, Refusals.sessionConstraint(record, refusal)));
    }

    /** The session stays as it is, until it is ended: then without an output, which nobody can vouch for. */
    private static Step<Transition<SessionState>> refusedSession(DecodingState state, String op, DeadLetter letter) {
        return refused(op.equals("end") ? new Ended() : state, letter);
    }

    private Step<Transition<SessionState>> onAcceptedRecord(
            DecodingState state, InputRecord record, byte[] session, String op, int at) {
        List<ReadText> texts = new ArrayList<>();
        try {
            for (SavedDraft draft : state.drafts()) {
                texts.add(readers.written(draft.reading(), draft.logProb()));
            }
        } catch (RejectedRecordException e) {
            return refusedSession(state, op, Refusals.rejected(record, e));
        }
        DecodeWriter writer = new DecodeWriter(session, record.source(), contextTokens);
        DecodingRules rules = rules(state.terms(), texts.get(0), session);
        if (state instanceof Driven driven) {
            return onDriven(driven, SavedDecodings.restore(driven, texts, rules), record, op, rules, writer);
        }
        Steered steered = (Steered) state;
        Draft draft = SavedDecodings.restore(steered.draft(), texts.get(0), steered.terms(), rules);
        SteeredBytes bytes = new SteeredBytes(steered.terms(), rules, writer);
        return switch (op) {
            case "bytes" -> steered(steered, draft, record, at, bytes);
            case "end" ->
                LastBytes.isIn(record)
                        ? LastBytes.of(
                                steered(steered, draft, record, at, bytes),
                                after -> ended(after, record, rules, writer))
                        : ended(new Decoding(List.of(draft), 0, 0), rules, writer);
            case "open" -> refused(state, Refusals.alreadyOpen(record));
            case "candidates" -> refused(state, Refusals.decoding(record));
            default -> refused(state, Refusals.unknownOp(record));
        };
    }

    private static Step<Transition<SessionState>> onDriven(
            Driven driven, Decoding decoding, InputRecord record, String op, DecodingRules rules, DecodeWriter writer) {
        Terms terms = driven.terms();
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
    private Step<Transition<SessionState>> ended(
            @Nullable SessionState state, InputRecord record, DecodingRules rules, DecodeWriter writer) {
        if (!(state instanceof Steered steered)) {
            throw new IllegalArgumentException("only a steered session goes on from its bytes, not " + state);
        }
        try {
            SavedDraft saved = steered.draft();
            ReadText text = readers.written(saved.reading(), saved.logProb());
            Draft draft = SavedDecodings.restore(saved, text, steered.terms(), rules);
            return ended(new Decoding(List.of(draft), 0, 0), rules, writer);
        } catch (RejectedRecordException e) {
            return refusedSession(steered, "end", Refusals.rejected(record, e));
        }
    }

    private static Step<Transition<SessionState>> ended(Decoding decoding, DecodingRules rules, DecodeWriter writer) {
        return Step.done(new Transition<>(new Ended(), List.of(writer.finished(decoding, decoding.chosen(rules)))));
    }

    private DecodingRules rules(Terms terms, ReadText text, byte[] session) {
        return SavedDecodings.rules(terms, accepted(terms.constraint()), text.hasEosTokens(), session);
    }

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
