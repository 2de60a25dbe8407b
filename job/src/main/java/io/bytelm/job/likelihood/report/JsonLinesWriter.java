package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A JSON object a line. */
final class JsonLinesWriter implements RowWriter {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final OutputStream out;

    JsonLinesWriter(OutputStream out) {
        this.out = new BufferedOutputStream(out);
    }

    @Override
    public void write(ObjectNode row) throws IOException {
        out.write(JSON.writeValueAsBytes(row));
        out.write('\n');
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
