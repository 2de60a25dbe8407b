package io.bytelm.record;

/**
 * What a session emits.
 *
 * @param when after which input a record is emitted
 * @param top how many of the most probable next symbols a record lists: 0 for no distribution, 258 for all
 */
public record Emission(When when, int top) {
    /** The moments at which a session may emit. */
    public enum When {
        /** After every byte. */
        BYTE,
        /** After every chunk, that is, every input record. */
        CHUNK,
        /** Once, at the session's end. */
        END
    }
}
