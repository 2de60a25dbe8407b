package io.bytelm.constraint.composed;

import io.bytelm.constraint.Constraint;
import java.util.List;

/** Constraints joined to one, as a tree; {@link Composer} compiles it. Immutable. */
public sealed interface Part {
    /** The maximum of a count without one. */
    int UNBOUNDED = Integer.MAX_VALUE;

    /** Exactly these bytes. */
    record Bytes(byte[] bytes) implements Part {}

    /** What a compiled constraint accepts; the same object in two places is compiled to one symbol. */
    record Whole(Constraint constraint) implements Part {}

    /** One part after the other; of none: the empty text. */
    record Sequence(List<Part> parts) implements Part {}

    /** Any of the parts; of none: nothing at all. */
    record Alternatives(List<Part> parts) implements Part {}

    /** The part, {@code min} to {@code max} times. */
    record Repeat(Part part, int min, int max) implements Part {}

    /**
     * Free text up to a string's first occurrence.
     *
     * @param until the text ends with the first of these that occurs in it, and there only; if there are none, it ends anywhere
     * @param without none of these occurs in it
     */
    record FreeText(Alphabet alphabet, List<byte[]> until, List<byte[]> without) implements Part {}

    /**
     * Free text in which strings open regions. Whatever string occurs first does, of several that end at once the longest one;
     * so none of them occurs in the text between regions, before and after them.
     *
     * @param min the fewest regions
     * @param max the most regions; after so many, none of the strings occurs any more
     */
    record Regions(Alphabet alphabet, List<Region> regions, int min, int max) implements Part {}

    /**
     * A region.
     *
     * @param begin what opens it, at least one byte
     * @param body what follows; then free text goes on
     */
    record Region(byte[] begin, Part body) {}

    /** A sequence of parts. */
    static Part sequence(Part... parts) {
        return new Sequence(List.of(parts));
    }
}
