package io.bytelm.job.likelihood.document;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The documents of one file, or of a part of it, one after another. Used by one thread. */
interface DocumentReader extends Closeable {
    /**
     * @return null at the end
     * @throws IOException if no further item can be read, because the file ends too early or is damaged
     */
    @Nullable
    Item next() throws IOException;
}
