package io.bytelm.decode;

import io.bytelm.constraint.Cursor;
import java.io.ByteArrayOutputStream;

/** Adds the bytes that the rules leave no choice about, which costs no call of the model, and sees whether that is the end. */
final class ForcedRun {
    private final DecodingRules rules;

    ForcedRun(DecodingRules rules) {
        this.rules = rules;
    }

    /** The draft with its forced bytes, which its text has not read yet. */
    Draft from(Draft draft) {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        run.writeBytes(draft.bytes());
        Cursor cursor = draft.cursor();
        boolean stopped = stopsAt(cursor, run);
        int forced = stopped ? -1 : rules.forcedByte(cursor, run.size());
        while (forced >= 0) {
            cursor = Draft.stepped(cursor, forced);
            run.write(forced);
            stopped = stopsAt(cursor, run);
            forced = stopped ? -1 : rules.forcedByte(cursor, run.size());
        }
        Draft longer = new Draft(
                draft.text(), cursor, run.toByteArray(), draft.logProposal(), draft.logWeightBase(), draft.ending());
        if (stopped) {
            return longer.ended(Ending.STOP);
        }
        boolean isOver = !rules.eosEnds() && rules.live(cursor, run.size()).isEmpty();
        return isOver ? longer.ended(longer.endingWithoutRoom()) : longer;
    }

    /** A stop string counts where the constraint is satisfied: an output is always complete. */
    private boolean stopsAt(Cursor cursor, ByteArrayOutputStream run) {
        return !rules.stop().strings().isEmpty()
                && cursor.accepting()
                && rules.stop().end(run.toByteArray(), run.size());
    }
}
