package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;

/** Writes the rows of the result, one after another. */
interface RowWriter extends Closeable {
    void write(ObjectNode row) throws IOException;
}
