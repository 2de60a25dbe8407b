package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.Course.Rival;
import io.bytelm.vocab.cuts.Pretokenizer.Ways;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Takes a course one byte on; it may become several, or none if it was wrong. */
record CourseReader(Pretokenizer pretokenizer, AddedTokens added) {
    /**
     * What becomes of a course.
     *
     * @param cut whether it has a cut before the byte
     */
    record Next(Course course, boolean cut) {}

    /** The ways to understand a course whose last character is known now. */
    List<Course> complete(Course course, int character) {
        if (course.isInAdded() || course.fresh()) {
            return List.of(course);
        }
        List<Course> complete = new ArrayList<>(2);
        for (Ways ways : pretokenizer.read(course.pieces(), character)) {
            if (pretokenizer.cutsNowhere() || ways.cut() == course.cut()) {
                complete.add(course.withPieces(ways.ways()));
            }
        }
        return complete;
    }

    /**
     * Reads the first byte of a character.
     *
     * @param character the whole character, if it is just this byte; else negative
     */
    List<Next> begin(Course course, int b, int character) {
        List<Rival> rivals = advanced(course.rivals(), b);
        List<Next> next = new ArrayList<>(2);
        if (rivals == null) {
            return next;
        }
        if (course.isInAdded()) {
            goOnWithAdded(course, b, rivals, next);
            return next;
        }
        int watch = added.next(course.fresh() ? AddedTokens.ROOT : course.watch(), b);
        int node = added.child(AddedTokens.ROOT, b);
        if (node != AddedTokens.NO_NODE && (course.fresh() || pretokenizer.mayEnd(course.pieces()))) {
            readAdded(node, watch, rivals, true, next);
        }
        if (added.longestEnd(watch) == 0) {
            beginInText(course, character, watch, rivals, next);
        }
        return next;
    }

    private void beginInText(Course course, int character, int watch, List<Rival> rivals, List<Next> into) {
        if (character < 0) {
            for (boolean cut : new boolean[] {true, false}) {
                if (cut ? course.fresh() || !pretokenizer.cutsNowhere() : !course.fresh()) {
                    int length = cut ? 1 : course.length() + 1;
                    into.add(new Next(course.inText(course.pieces(), cut, length, watch, rivals), cut));
                }
            }
            return;
        }
        for (Ways ways : pretokenizer.read(course.pieces(), character)) {
            boolean cut = course.fresh() || ways.cut();
            int length = cut ? 1 : course.length() + 1;
            into.add(new Next(course.inText(ways.ways(), false, length, watch, rivals), cut));
        }
    }

    /** Reads a byte inside a character. */
    List<Next> goOn(Course course, int b) {
        List<Rival> rivals = advanced(course.rivals(), b);
        List<Next> next = new ArrayList<>(2);
        if (rivals == null) {
            return next;
        }
        if (course.isInAdded()) {
            goOnWithAdded(course, b, rivals, next);
            return next;
        }
        int watch = added.next(course.watch(), b);
        if (added.longestEnd(watch) == 0) {
            Course longer = course.inText(course.pieces(), course.cut(), course.length() + 1, watch, rivals);
            next.add(new Next(longer, false));
        }
        return next;
    }

    private void goOnWithAdded(Course course, int b, List<Rival> rivals, List<Next> into) {
        int node = added.child(course.addedNode(), b);
        if (node != AddedTokens.NO_NODE) {
            readAdded(node, added.next(course.watch(), b), rivals, false, into);
        }
    }

    /** At a node of an added token: it ends here, or goes on, unless one that began before it has been found. */
    private void readAdded(int node, int watch, List<Rival> rivals, boolean cut, List<Next> into) {
        int length = added.depth(node);
        if (added.longestEnd(watch) > length) {
            return;
        }
        Course start = Course.start(pretokenizer);
        if (added.token(node) != AddedTokens.NO_TOKEN) {
            List<Rival> more = new ArrayList<>(rivals);
            more.add(new Rival(watch, length));
            into.add(new Next(start.afterAdded(added.token(node), length, List.copyOf(more)), cut));
        }
        if (added.hasChildren(node)) {
            into.add(new Next(start.inAdded(node, length, watch, rivals), cut));
        }
    }

    /** The rivals that are still possible; null if one has been found. */
    private @Nullable List<Rival> advanced(List<Rival> rivals, int b) {
        if (rivals.isEmpty()) {
            return rivals;
        }
        List<Rival> possible = new ArrayList<>();
        for (Rival rival : rivals) {
            int node = added.next(rival.node(), b);
            int since = rival.since() + 1;
            if (added.longestEnd(node) >= since) {
                return null;
            }
            if (added.depth(node) >= since) {
                possible.add(new Rival(node, since));
            }
        }
        return List.copyOf(possible);
    }

    /** @param character the character that is still incomplete, read as it would be if nothing followed; else negative */
    boolean mayEnd(Course course, int character) {
        if (course.isInAdded()) {
            return false;
        }
        if (course.fresh()) {
            return true;
        }
        return (character < 0 ? List.of(course) : complete(course, character))
                .stream().anyMatch(c -> pretokenizer.mayEnd(c.pieces()));
    }
}
