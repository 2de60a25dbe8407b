package io.bytelm.lm.canonical;

import io.bytelm.vocab.cuts.OpenCuts;

/**
 * In which courses of cuts a head goes on with the next byte: no token reaches across a cut, and where a cut comes between
 * two tokens they need not fit together.
 *
 * @param before the heads before that byte
 * @param after the cuts after it
 */
public record CutMoves(Heads before, OpenCuts after) {
    /**
     * @param courses the courses in which it goes on, none if it does not
     * @param alone those of them in which the open token begins a piece
     */
    public record Moved(long courses, long alone) {}

    /** Where a head of those before goes on. */
    public Moved of(Head head) {
        long courses = 0;
        long alone = 0;
        boolean goesOnInside =
                !head.isClosed() || before.rules().reachable(head.context().lastToken());
        for (int course = 0; course < after.count(); course++) {
            int from = after.origin(course);
            if ((head.courses() >>> from & 1) == 0) {
                continue;
            }
            long bit = 1L << course;
            if (after.cutBefore(course)) {
                boolean ends = head.isClosed() && before.mayEndPiece(head, from);
                courses |= ends ? bit : 0;
                alone |= ends ? bit : 0;
            } else if (goesOnInside) {
                courses |= bit;
                alone |= head.isClosed() ? 0 : (head.alone() >>> from & 1) << course;
            }
        }
        return new Moved(courses, alone);
    }
}
