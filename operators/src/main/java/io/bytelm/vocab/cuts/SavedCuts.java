package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.Course.Rival;
import io.bytelm.vocab.cuts.Splitter.Piece;
import io.bytelm.vocab.cuts.Splitter.Way;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Courses of cuts as a list of numbers: where a character stands, how many courses there are, then each of them. */
record SavedCuts(Utf8Position position, int character, List<Course> courses) {
    private static final Piece[] PIECES = Piece.values();

    static int[] write(Utf8Position position, int character, List<Course> courses) {
        IntStream.Builder out = IntStream.builder();
        out.add(position.missing()).add(position.value()).add(position.low()).add(position.high());
        out.add(character).add(courses.size());
        courses.forEach(course -> write(course, out));
        return out.build().toArray();
    }

    private static void write(Course course, IntStream.Builder out) {
        for (Way way : course.pieces()) {
            out.add(way.piece().ordinal());
            write(way.run(), out);
            write(way.forbidden(), out);
        }
        out.add((course.fresh() ? 1 : 0) + (course.cut() ? 2 : 0));
        out.add(course.length());
        out.add(course.addedNode()).add(course.addedToken()).add(course.watch());
        out.add(course.rivals().size());
        course.rivals().forEach(rival -> out.add(rival.node()).add(rival.since()));
    }

    private static void write(int[] states, IntStream.Builder out) {
        out.add(states.length);
        for (int state : states) {
            out.add(state);
        }
    }

    /** @param steps of the pretokenizer */
    static SavedCuts read(int[] saved, int steps) {
        try {
            return new Reader(saved, steps).all();
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new IllegalArgumentException("damaged session: the cuts of its text are not whole", e);
        }
    }

    private static final class Reader {
        private final int[] saved;
        private final int steps;
        private int at;

        Reader(int[] saved, int steps) {
            this.saved = saved;
            this.steps = steps;
        }

        private int next() {
            return saved[at++];
        }

        SavedCuts all() {
            Utf8Position position = new Utf8Position(next(), next(), next(), next());
            int character = next();
            List<Course> courses = new ArrayList<>();
            for (int left = next(); left > 0; left--) {
                courses.add(course());
            }
            if (at != saved.length) {
                throw new IndexOutOfBoundsException(at);
            }
            return new SavedCuts(position, character, courses);
        }

        private Course course() {
            List<Way> pieces = new ArrayList<>();
            for (int step = 0; step < steps; step++) {
                pieces.add(new Way(PIECES[next()], states(), states()));
            }
            int flags = next();
            boolean fresh = (flags & 1) != 0;
            boolean cut = (flags & 2) != 0;
            return new Course(List.copyOf(pieces), fresh, cut, next(), next(), next(), next(), rivals());
        }

        private int[] states() {
            int[] states = new int[Math.min(next(), saved.length)];
            for (int i = 0; i < states.length; i++) {
                states[i] = next();
            }
            return states;
        }

        private List<Rival> rivals() {
            List<Rival> rivals = new ArrayList<>();
            for (int left = next(); left > 0; left--) {
                rivals.add(new Rival(next(), next()));
            }
            return List.copyOf(rivals);
        }
    }
}
