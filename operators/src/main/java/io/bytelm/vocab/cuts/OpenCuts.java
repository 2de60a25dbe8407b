package io.bytelm.vocab.cuts;

import io.bytelm.vocab.cuts.CourseReader.Next;
import java.util.ArrayList;
import java.util.List;

/**
 * All courses of cuts that the bytes so far allow, which bytes to come decide between: usually one, and a few where a cut
 * depends on what follows, in the middle of a character, or where an added token may have begun. Just one of them is right,
 * whatever comes. Immutable.
 *
 * <p>Courses are numbered from 0; what is said of one is said of the last byte read. Bytes that are no UTF-8 are cut as the
 * character U+FFFD is with which decoders replace them; they stay the bytes that they are.
 */
public final class OpenCuts {
    /**
     * The most courses that are followed: a set of them fits into the bits of a long. More take an added token with many
     * beginnings that are its ends too; a text that opens so many of them is followed no further.
     */
    public static final int MAX_COURSES = 64;

    /** The last byte is part of ordinary text. */
    public static final int TEXT = -1;
    /** The last byte is part of an added token that has not ended. */
    public static final int IN_ADDED = -2;

    /** A character has begun and not ended. */
    public static final int INCOMPLETE = -1;
    /** The last byte is no part of a character. */
    public static final int NO_CHARACTER = -2;

    private final CourseReader reader;
    private final Utf8Position position;
    private final int character;
    private final List<Origin> courses;

    /**
     * @param from the number of the course that it was before the last byte
     * @param cut whether there is a cut before the last byte
     */
    private record Origin(Course course, int from, boolean cut) {}

    private OpenCuts(CourseReader reader, Utf8Position position, int character, List<Origin> courses) {
        this.reader = reader;
        this.position = position;
        this.character = character;
        this.courses = courses.size() > MAX_COURSES ? List.of() : courses;
    }

    /** Before the first byte of a text. */
    public static OpenCuts before(Pretokenizer pretokenizer, AddedTokens added) {
        Course start = Course.start(pretokenizer);
        return new OpenCuts(
                new CourseReader(pretokenizer, added),
                Utf8Position.BETWEEN,
                NO_CHARACTER,
                List.of(new Origin(start, 0, true)));
    }

    /** After one more byte, 0 to 255. */
    public OpenCuts read(int b) {
        List<Origin> next = new ArrayList<>();
        if (position.goesOnWith(b)) {
            int known = position.missing() == 1 ? position.value(b) : INCOMPLETE;
            for (int i = 0; i < courses.size(); i++) {
                goOn(i, b, known, next);
            }
            return new OpenCuts(reader, position.next(b), known, List.copyOf(next));
        }
        Utf8Position first = Utf8Position.first(b);
        int single = first.isInside() ? INCOMPLETE : b < 0x80 ? b : Utf8Position.REPLACEMENT;
        for (int i = 0; i < courses.size(); i++) {
            for (Course course : complete(courses.get(i).course)) {
                for (Next way : reader.begin(course, b, single)) {
                    next.add(new Origin(way.course(), i, way.cut()));
                }
            }
        }
        return new OpenCuts(
                reader, first, single == Utf8Position.REPLACEMENT ? NO_CHARACTER : single, List.copyOf(next));
    }

    private void goOn(int from, int b, int known, List<Origin> into) {
        for (Next way : reader.goOn(courses.get(from).course, b)) {
            List<Course> courses = known < 0 ? List.of(way.course()) : reader.complete(way.course(), known);
            courses.forEach(course -> into.add(new Origin(course, from, way.cut())));
        }
    }

    /** The course as it is where the character that has begun is not gone on with. */
    private List<Course> complete(Course course) {
        return position.isInside() ? reader.complete(course, Utf8Position.REPLACEMENT) : List.of(course);
    }

    /**
     * The courses as numbers, of which {@link #restored} makes them again: between two bytes, where it no longer counts what
     * each course was before the last one. The numbers mean something to rules with the same fingerprint only.
     */
    public int[] saved() {
        return SavedCuts.write(
                position, character, courses.stream().map(Origin::course).toList());
    }

    /**
     * The courses that {@link #saved} wrote, of cuts with the same rules as these.
     *
     * @throws IllegalArgumentException if the numbers were not written so
     */
    public OpenCuts restored(int[] saved) {
        SavedCuts read = SavedCuts.read(saved, reader.pretokenizer().steps());
        List<Origin> origins = new ArrayList<>();
        for (Course course : read.courses()) {
            origins.add(new Origin(course, origins.size(), false));
        }
        return new OpenCuts(reader, read.position(), read.character(), List.copyOf(origins));
    }

    /**
     * The cuts after a text that was cut by rules that find more added tokens than these, and are else the same: what the
     * text has found it keeps, and of tokens that have not ended only those of these rules are found. A course's
     * {@link #origin} is its number among those of the text.
     */
    public OpenCuts goingOnAfter(OpenCuts text) {
        List<Origin> origins = new ArrayList<>();
        for (int i = 0; i < text.courses.size(); i++) {
            Course course = text.courses.get(i).course.findingOnly(text.reader.added(), reader.added());
            if (course != null) {
                origins.add(new Origin(course, i, false));
            }
        }
        return new OpenCuts(reader, text.position, text.character, List.copyOf(origins));
    }

    /** How many courses there are; 0 where the pretokenizer would lose text, or there were more than are followed. */
    public int count() {
        return courses.size();
    }

    /** Which course of those before the last byte this one goes on. */
    public int origin(int course) {
        return courses.get(course).from;
    }

    /** Whether this course has a cut just before the last byte. */
    public boolean cutBefore(int course) {
        return courses.get(course).cut;
    }

    /** How many bytes there are since this course's last cut. */
    public int pieceBytes(int course) {
        return courses.get(course).course.length();
    }

    /** The added token that ends with the last byte, {@link #IN_ADDED}, or {@link #TEXT}. */
    public int added(int course) {
        Course at = courses.get(course).course;
        return at.isInAdded() ? IN_ADDED : at.addedToken() == AddedTokens.NO_TOKEN ? TEXT : at.addedToken();
    }

    /** Whether this course is the right one if the text ends here. */
    public boolean mayEnd(int course) {
        return reader.mayEnd(courses.get(course).course, position.isInside() ? Utf8Position.REPLACEMENT : INCOMPLETE);
    }

    /** The character that ends with the last byte, {@link #INCOMPLETE}, or {@link #NO_CHARACTER}. */
    public int character() {
        return character;
    }
}
