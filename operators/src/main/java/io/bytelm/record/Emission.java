package io.bytelm.record;

import io.bytelm.dist.Symbols;
import java.io.Serializable;

/**
 * What a session emits.
 *
 * @param when after which input a record is emitted
 * @param top how many of the most probable next symbols a record lists: 0 for no distribution, 258 for all
 */
public record Emission(When when, int top) implements Serializable {
    private static final long serialVersionUID = 1;

    /** The moments at which a session may emit. */
    public enum When {
        /** After every byte. */
        BYTE,
        /** After every chunk, that is, every input record. */
        CHUNK,
        /** Once, at the session's end. */
        END
    }

    /** @throws IllegalArgumentException if {@code top} is not from 0 to 258 */
    public Emission {
        if (top < 0 || top > Symbols.COUNT) {
            throw new IllegalArgumentException(
                    "the number of next symbols to list must be from 0 to " + Symbols.COUNT + ", got " + top);
        }
    }
}
