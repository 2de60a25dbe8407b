package io.bytelm.session;

import io.bytelm.record.OutputRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The records of a transition that is still being computed. Adding one makes a new list that shares the old one, so that
 * a computation may be run again from any of its points.
 */
final class Outputs {
    static final Outputs NONE = new Outputs(null, null, 0);

    private final @Nullable Outputs before;
    private final @Nullable OutputRecord last;
    private final long heldBytes;

    private Outputs(@Nullable Outputs before, @Nullable OutputRecord last, long heldBytes) {
        this.before = before;
        this.last = last;
        this.heldBytes = heldBytes;
    }

    Outputs plus(OutputRecord record) {
        return new Outputs(this, record, heldBytes + HeldOutputs.bytesOf(record));
    }

    /** What they take on the heap, an estimate. */
    long heldBytes() {
        return heldBytes;
    }

    /** In the order in which they were added. */
    List<OutputRecord> toList() {
        List<OutputRecord> list = new ArrayList<>();
        for (Outputs at = this; at != null; at = at.before) {
            if (at.last != null) {
                list.add(at.last);
            }
        }
        Collections.reverse(list);
        return Collections.unmodifiableList(list);
    }
}
