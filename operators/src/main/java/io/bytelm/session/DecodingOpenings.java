package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.AnyBytes;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.source.CompiledConstraint;
import io.bytelm.constraint.source.ConstraintCache;
import io.bytelm.constraint.source.ConstraintSource;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.ReadText;
import io.bytelm.record.DecodeRequest;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OpenRequest;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.RejectedRecordException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Opening;
import io.bytelm.session.SessionOpening.Prompted;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How decoding sessions begin. Confined to the task thread.
 *
 * @param readers of one model, or of several
 * @param contextTokens how many tokens of a context the model reads at most
 * @param opening reads their prompts
 */
record DecodingOpenings(
        SessionDefaults defaults,
        TextReaders readers,
        long contextTokens,
        SessionOpening opening,
        ConstraintCache constraints,
        PieceSize piece) {
    /** @throws RejectedRecordException if the value cannot be read, or asks for more than a session may */
    DecodeRequest parse(byte[] value) throws RejectedRecordException {
        DecodeRequest request = parse(value, readers.vocabulary());
        defaults.limits().check(request.opened().params().width(), request.particles());
        return request;
    }

    private DecodeRequest parse(byte[] value, Vocabulary vocabulary) throws RejectedRecordException {
        return DecodeRequest.parse(value, defaults.decodeRequest(vocabulary), vocabulary);
    }

    /** What is asked of each model: the tokens that end a text are its own, or those of its vocabulary that are named. */
    private List<OpenRequest> ofEach(DecodeRequest ofFirst, byte[] value) throws RejectedRecordException {
        List<OpenRequest> each = new ArrayList<>(List.of(ofFirst.opened()));
        List<Vocabulary> vocabularies = readers.vocabularies();
        for (int i = 1; i < vocabularies.size(); i++) {
            try {
                each.add(parse(value, vocabularies.get(i)).opened());
            } catch (RejectedRecordException e) {
                throw new RejectedRecordException(e.reason(), "model " + (i + 1) + ": " + e.getMessage());
            }
        }
        return each;
    }

    /** An {@code open} with a mode, for a session that is not open. */
    Step<Transition<SessionState>> open(Resumed resumed, InputRecord record, byte[] session, byte[] value) {
        SessionState state = resumed.state();
        DecodeRequest request;
        List<OpenRequest> each;
        TextReader from;
        Constraint constraint;
        List<String> ignored;
        try {
            request = parse(value);
            each = ofEach(request, value);
            Opening read = resumed.opening();
            from = read == null ? readers.beginPrompt(each) : readers.restored(read.reading());
            ConstraintSource asked = request.constraint();
            CompiledConstraint compiled =
                    asked == null ? null : constraints.get(asked).join();
            constraint = compiled == null ? AnyBytes.INSTANCE : compiled.orThrow();
            ignored = compiled == null ? List.of() : compiled.ignored();
        } catch (RejectedRecordException e) {
            return refused(state, Refusals.rejected(record, e));
        } catch (ConstraintException e) {
            return refused(state, Refusals.constraint(record, e));
        }
        Terms terms = terms(request, constraint, record);
        DecodingRules rules;
        try {
            rules = SavedDecodings.rules(terms, constraint, readers.endsByEos(each), session);
        } catch (ConstraintException e) {
            return refused(state, Refusals.constraint(record, e));
        } catch (IllegalArgumentException e) {
            return refused(state, Refusals.budget(record, e));
        }
        DecodeWriter writer = new DecodeWriter(session, record.source(), contextTokens);
        Opening begun = resumed.opening();
        return RefusableStep.of(
                () -> opening.prompted(request.opened().ofPrompt(), from, begun, piece.promptBytes(value.length))
                        .then(prompted -> begin(prompted, resumed, record, request, each, terms, rules, writer))
                        .map(first -> telling(ignored, first, writer)),
                refusal -> refused(state, Refusals.constraint(record, refusal)));
    }

    private Step<Transition<SessionState>> begin(
            Prompted prompted,
            Resumed resumed,
            InputRecord record,
            DecodeRequest request,
            List<OpenRequest> each,
            Terms terms,
            DecodingRules rules,
            DecodeWriter writer) {
        if (!prompted.isComplete()) {
            return Step.done(Transition.goingOn(prompted.partway(record.source(), resumed.state()), List.of()));
        }
        if (prompted.reader().logProb() == Double.NEGATIVE_INFINITY) {
            return refused(resumed.state(), Refusals.deadPrompt(record));
        }
        ReadText text = readers.written(prompted.reader(), each);
        return request.driven()
                ? Decoding.begin(text, rules).then(begun -> DrivenPiece.first(begun, terms, rules, writer))
                : new SteeredBytes(terms, rules, writer).told(Draft.empty(text, rules));
    }

    /** Says what is not enforced with the first piece that is committed after the prompt. */
    private static Transition<SessionState> telling(
            List<String> ignored, Transition<SessionState> begun, DecodeWriter writer) {
        boolean begins = !(begun.state() instanceof Opening) && !begun.isRefusal();
        return ignored.isEmpty() || !begins ? begun : begun.after(writer.ignored(ignored));
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

    private static Step<Transition<SessionState>> refused(@Nullable SessionState state, DeadLetter letter) {
        return Step.done(Transition.refused(state, letter));
    }
}
