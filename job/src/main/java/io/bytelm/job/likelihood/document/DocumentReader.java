package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The documents of one file, or of a part of it, one after another. Used by one thread. */
interface DocumentReader extends Closeable {
    /**
     * @return null at the end
     * @throws IOException if no further item can be read, because the file ends too early or is damaged
     * @throws InputFailure if the file cannot be read for a reason that is not its own
     */
    @Nullable
    Item next() throws IOException;

    /** How many lines, rows or files were read so far, with those that are no items: the place in a checkpoint. */
    long taken();
}
