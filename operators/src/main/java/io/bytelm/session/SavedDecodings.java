package io.bytelm.session;

import io.bytelm.beam.Beam;
import io.bytelm.beam.EosMode;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.decode.BeamText;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Ending;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.TextOfModels;
import io.bytelm.decode.TreeText;
import io.bytelm.record.DecodingState.Driven;
import io.bytelm.record.DecodingState.SavedDraft;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.Reading;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodings as session states and back. */
final class SavedDecodings {
    private SavedDecodings() {}

    /**
     * The rules of a session.
     *
     * @throws IllegalArgumentException if no output fits into the byte budget
     */
    static DecodingRules rules(Terms terms, Constraint constraint, boolean eosEnds, byte[] session) {
        Fingerprint key = new Fingerprint();
        for (byte b : session) {
            key.add(b);
        }
        return new DecodingRules(
                constraint, terms.sampler(), terms.stop(), terms.maxBytes(), eosEnds, terms.particles(), key.value());
    }

    static Driven save(Terms terms, Decoding decoding) {
        List<SavedDraft> drafts =
                decoding.drafts().stream().map(SavedDecodings::save).toList();
        return new Driven(terms, drafts, decoding.rounds(), decoding.logEvidence());
    }

    static SavedDraft save(Draft draft) {
        return new SavedDraft(
                reading(draft.text()),
                draft.text().logProb(),
                draft.bytes(),
                draft.cursor().save(),
                draft.logProposal(),
                draft.logWeightBase(),
                draft.ending());
    }

    private static Reading reading(ReadText text) {
        if (text instanceof TreeText read) {
            return new Reading.Canonical(read.tree().saved(), read.longestContext());
        }
        if (text instanceof TextOfModels ofModels) {
            List<Reading> parts =
                    ofModels.parts().stream().map(SavedDecodings::reading).toList();
            return new Reading.Combined(
                    parts, ofModels.combination(), ofModels.logLikelihood(), ofModels.longestContext());
        }
        Beam beam = ((BeamText) text).beam();
        return new Reading.All(beam.askingIn(EosMode.WITH_EOS)); // as scoring sessions are stored
    }

    /** @param texts of the drafts, in their order */
    static Decoding restore(Driven driven, List<ReadText> texts, DecodingRules rules) {
        List<Draft> drafts = new ArrayList<>();
        for (int i = 0; i < texts.size(); i++) {
            drafts.add(restore(driven.drafts().get(i), texts.get(i), driven.terms(), rules));
        }
        return new Decoding(drafts, driven.rounds(), driven.logEvidence());
    }

    /** A draft whose bytes the constraint of this build no longer allows has come to a dead end. */
    static Draft restore(SavedDraft saved, ReadText text, Terms terms, DecodingRules rules) {
        Cursor found = cursor(saved, terms, rules.constraint());
        return new Draft(
                text,
                found == null ? rules.constraint().start() : found,
                saved.bytes(),
                saved.logProposal(),
                saved.logWeightBase(),
                found == null ? Ending.DEAD_END : saved.ending());
    }

    /** The position that was saved; another compiler's position is found again by reading the bytes. */
    private static @Nullable Cursor cursor(SavedDraft saved, Terms terms, Constraint constraint) {
        if (constraint.fingerprint() == terms.fingerprint()) {
            return constraint.restore(saved.cursor());
        }
        @Nullable Cursor cursor = constraint.start();
        for (int at = 0; at < saved.bytes().length && cursor != null; at++) {
            cursor = cursor.step(saved.bytes()[at] & 0xFF);
        }
        return cursor;
    }
}
