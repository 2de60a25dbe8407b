package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.PatternProgram.Reached;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Cuts a text around the matches of one pattern, the leftmost first, and what lies between two matches is a piece too. It
 * reads character by character and follows every way to cut that what is to come can still make the right one.
 *
 * @param gaps whether there may be text between the matches
 */
record Splitter(PatternProgram program, boolean gaps) {
    /** What the piece is that was read last. Stored by their places. */
    enum Piece {
        NONE,
        MATCH,
        GAP
    }

    /**
     * One way to cut the text so far.
     *
     * @param run the states of the match that is being read
     * @param forbidden states that must never match: what this way took for a shorter match, or for none
     */
    record Way(Piece piece, int[] run, int[] forbidden) {}

    /**
     * What becomes of a way.
     *
     * @param cut whether it has a cut before the character
     */
    record Next(Way way, boolean cut) {}

    static final Way START = new Way(Piece.NONE, PatternProgram.NOWHERE, PatternProgram.NOWHERE);

    /** The ways on from a way with the next character; none if it was wrong. */
    List<Next> read(Way way, int character) {
        Reached refuted = program.reach(way.forbidden, character);
        int[] forbidden = program.read(refuted.reading(), character);
        List<Next> next = new ArrayList<>(2);
        if (refuted.matches() || matchesAnyhow(forbidden)) {
            return next;
        }
        if (way.piece == Piece.MATCH) {
            Reached reached = program.reach(way.run, character);
            int[] longer = program.read(reached.reading(), character);
            if (longer.length > 0) {
                next.add(new Next(new Way(Piece.MATCH, longer, forbidden), false));
            }
            if (reached.matches() && !matchesAnyhow(longer)) {
                begin(next, united(forbidden, longer), character, true);
            }
        } else {
            begin(next, forbidden, character, way.piece == Piece.NONE);
        }
        return next;
    }

    /** @param cutBeforeGap whether a gap here is a new piece */
    private void begin(List<Next> into, int[] forbidden, int character, boolean cutBeforeGap) {
        Reached start = program.reach(PatternProgram.start(), character);
        int[] run = program.read(start.reading(), character);
        if (run.length > 0) {
            into.add(new Next(new Way(Piece.MATCH, run, forbidden), true));
        }
        if (gaps && !matchesAnyhow(run)) {
            into.add(new Next(new Way(Piece.GAP, PatternProgram.NOWHERE, united(forbidden, run)), cutBeforeGap));
        }
    }

    private boolean matchesAnyhow(int[] states) {
        return states.length > 0
                && program.reach(states, PatternProgram.UNKNOWN).matches();
    }

    private static int[] united(int[] some, int[] others) {
        if (some.length == 0 || others.length == 0) {
            return some.length == 0 ? others : some;
        }
        return IntStream.concat(Arrays.stream(some), Arrays.stream(others))
                .distinct()
                .toArray();
    }

    /** Whether the way is right if the text ends here. */
    boolean mayEnd(Way way) {
        return !program.reach(way.forbidden, PatternProgram.END).matches()
                && (way.piece != Piece.MATCH
                        || program.reach(way.run, PatternProgram.END).matches());
    }
}
