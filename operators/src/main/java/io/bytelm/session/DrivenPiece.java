package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;

/**
 * Some rounds of a driven session. They are committed together; then other sessions have their turn, and a checkpoint has
 * not waited for the end of the output.
 */
final class DrivenPiece {
    /** Enough that committing costs little beside the model, and a replay after a failure too. */
    static final int ROUNDS = 16;

    private final Terms terms;
    private final DecodingRules rules;
    private final DecodeWriter writer;
    private final int bytesBefore;

    private record Progress(Decoding decoding, int rounds, int forced, Outputs outputs) {
        boolean goesOn() {
            return !decoding.hasEnded() && rounds < ROUNDS;
        }
    }

    private DrivenPiece(Terms terms, DecodingRules rules, DecodeWriter writer, int bytesBefore) {
        this.terms = terms;
        this.rules = rules;
        this.writer = writer;
        this.bytesBefore = bytesBefore;
    }

    /** The first rounds; {@code begun} may have bytes that were forced at the beginning. */
    static Step<Transition<SessionState>> first(Decoding begun, Terms terms, DecodingRules rules, DecodeWriter writer) {
        Draft draft = begun.drafts().get(0);
        int forced = draft.bytes().length;
        boolean tells = terms.emission().when() == Emission.When.BYTE && forced > 0;
        Outputs outputs = tells ? Outputs.NONE.plus(writer.piece(0, draft, forced)) : Outputs.NONE;
        return new DrivenPiece(terms, rules, writer, 0).run(new Progress(begun, 0, forced, outputs));
    }

    /** Goes on where a piece before was committed. */
    static Step<Transition<SessionState>> next(
            Decoding restored, Terms terms, DecodingRules rules, DecodeWriter writer) {
        int bytesBefore = restored.drafts().get(0).bytes().length;
        return new DrivenPiece(terms, rules, writer, bytesBefore).run(new Progress(restored, 0, 0, Outputs.NONE));
    }

    private Step<Transition<SessionState>> run(Progress start) {
        return Step.loop(start, Progress::goesOn, this::round).map(this::committed);
    }

    private Step<Progress> round(Progress before) {
        return before.decoding().next(rules).map(round -> {
            Draft old = before.decoding().drafts().get(0);
            Draft draft = round.after().drafts().get(0);
            int added = draft.bytes().length - old.bytes().length;
            int drawn = round.drawnFrom() == null ? 0 : 1;
            int forced = before.forced() + Math.max(0, added - drawn);
            boolean tells = terms.emission().when() == Emission.When.BYTE && added > 0;
            Outputs outputs = tells
                    ? before.outputs().plus(writer.drawn(old, draft, round.drawnFrom(), terms.emission()))
                    : before.outputs();
            return new Progress(round.after(), before.rounds() + 1, forced, outputs);
        });
    }

    private Transition<SessionState> committed(Progress end) {
        Decoding decoding = end.decoding();
        Draft draft = decoding.drafts().get(0);
        Outputs outputs = end.outputs();
        if (terms.emission().when() == Emission.When.CHUNK && draft.bytes().length > bytesBefore) {
            outputs = outputs.plus(writer.piece(bytesBefore, draft, end.forced()));
        }
        if (decoding.hasEnded()) {
            outputs = outputs.plus(writer.finished(decoding, decoding.chosen(rules)));
            return new Transition<>(new Ended(), outputs.toList());
        }
        return Transition.goingOn(SavedDecodings.save(terms, decoding), outputs.toList());
    }
}
