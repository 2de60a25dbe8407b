package io.bytelm.decode;

import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Cursor;
import java.io.ByteArrayOutputStream;

/** Completes an output with the fewest bytes, without the model: of equally short ways the one of the lowest bytes. */
final class ShortestCompletion {
    private final DecodingRules rules;

    ShortestCompletion(DecodingRules rules) {
        this.rules = rules;
    }

    /** The draft with its completion, which its text does not read. */
    Draft of(Draft draft) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(draft.bytes());
        Cursor cursor = draft.cursor();
        while (!cursor.accepting()) {
            int next = nearest(cursor, bytes.size());
            cursor = Draft.stepped(cursor, next);
            bytes.write(next);
        }
        return new Draft(
                draft.text(), cursor, bytes.toByteArray(), draft.logProposal(), draft.logWeightBase(), draft.ending());
    }

    private int nearest(Cursor cursor, int length) {
        ByteSet live = rules.live(cursor, length);
        int best = live.nextMember(0);
        int fewest = Draft.stepped(cursor, best).fewestBytesToAccept();
        for (int next = live.nextMember(best + 1); next >= 0; next = live.nextMember(next + 1)) {
            int bytes = Draft.stepped(cursor, next).fewestBytesToAccept();
            if (bytes < fewest) {
                fewest = bytes;
                best = next;
            }
        }
        return best;
    }
}
