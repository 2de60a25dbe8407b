package io.bytelm.session;

import io.bytelm.beam.Step;
import io.bytelm.constraint.Cursor;
import io.bytelm.decode.Decoding;
import io.bytelm.decode.DecodingRules;
import io.bytelm.decode.Draft;
import io.bytelm.decode.Ending;
import io.bytelm.record.DecodingState.Steered;
import io.bytelm.record.DecodingState.Terms;
import io.bytelm.record.SessionState;
import io.bytelm.record.SessionState.Ended;
import io.bytelm.record.SessionState.Partway;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes that the client of a steered session has chosen, and what may come after them. */
final class SteeredBytes {
    private final Terms terms;
    private final DecodingRules rules;
    private final DecodeWriter writer;

    SteeredBytes(Terms terms, DecodingRules rules, DecodeWriter writer) {
        this.terms = terms;
        this.rules = rules;
        this.writer = writer;
    }

    /** The place of the first byte that is not allowed, -1 if all are. */
    int firstRefused(Draft draft, byte[] chosen) {
        @Nullable Cursor cursor = draft.cursor();
        int length = draft.bytes().length;
        for (int at = 0; at < chosen.length; at++) {
            int next = chosen[at] & 0xFF;
            if (cursor == null || !rules.live(cursor, length + at).contains(next)) {
                return at;
            }
            cursor = cursor.step(next);
        }
        return -1;
    }

    /**
     * Reads a piece of bytes that are all allowed.
     *
     * @param at how many of them were read before
     */
    Step<Transition<SessionState>> read(Draft draft, byte[] chosen, int at, PieceSize piece) {
        int to = at + Math.min(piece.textBytes(), chosen.length - at);
        return draft.reading(Arrays.copyOfRange(chosen, at, to)).then(read -> {
            if (to == chosen.length) {
                return told(read);
            }
            if (read.ending() == Ending.DEAD_END) { // the others belong to the output too, and cost nothing
                return read.reading(Arrays.copyOfRange(chosen, to, chosen.length))
                        .then(this::told);
            }
            Steered session = new Steered(terms, SavedDecodings.save(read));
            return Step.done(Transition.goingOn(new Partway(session, writer.source(), to), List.of()));
        });
    }

    /** Says what may come next. */
    Step<Transition<SessionState>> told(Draft draft) {
        if (draft.ending() == Ending.DEAD_END) {
            Decoding end = new Decoding(List.of(draft), 0, 0);
            return Step.done(new Transition<>(new Ended(), List.of(writer.finished(end, 0))));
        }
        return draft.allowed(rules).map(allowed -> {
            Steered after = new Steered(terms, SavedDecodings.save(allowed.draft()));
            return new Transition<>(after, List.of(writer.next(draft, allowed, rules, terms.emission())));
        });
    }

    /** One line about a byte that is not allowed. */
    String refusal(Draft draft, byte[] chosen, int at) {
        return "byte " + at + " of the record, " + (chosen[at] & 0xFF) + ", is not allowed after the "
                + (draft.bytes().length + at)
                + " bytes before it: the constraint forbids it, or no completion would fit into the byte budget;"
                + " none of the record's bytes was taken";
    }
}
