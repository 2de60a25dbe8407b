package io.bytelm.job.likelihood.scoring;

import java.util.Map;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.ListState;

/**
 * How far the subtask is, as accumulators for whoever watches the job. What was done before a restore counts in all but
 * {@link #BYTES_OF_THIS_RUN}.
 */
public final class Totals {
    public static final String DOCUMENTS = "documents";
    public static final String REJECTS = "rejects";
    public static final String BYTES = "bytes";
    public static final String INPUT_BYTES = "input-bytes";
    public static final String BYTES_OF_THIS_RUN = "bytes-of-this-run";

    private static final int STORED = 4;

    private final LongCounter documents = new LongCounter();
    private final LongCounter rejects = new LongCounter();
    private final LongCounter bytes = new LongCounter();
    private final LongCounter inputBytes = new LongCounter();
    private final LongCounter bytesOfThisRun = new LongCounter();

    Totals(RuntimeContext context) {
        Map.of(
                        DOCUMENTS, documents,
                        REJECTS, rejects,
                        BYTES, bytes,
                        INPUT_BYTES, inputBytes,
                        BYTES_OF_THIS_RUN, bytesOfThisRun)
                .forEach(context::addAccumulator);
    }

    void scored(int documentBytes, long ofInput) {
        documents.add(1L);
        bytes.add((long) documentBytes);
        bytesOfThisRun.add((long) documentBytes);
        inputBytes.add(ofInput);
    }

    void rejected(long ofInput) {
        rejects.add(1L);
        inputBytes.add(ofInput);
    }

    void write(ListState<long[]> state) throws Exception {
        state.update(java.util.List.of(new long[] {
            documents.getLocalValuePrimitive(),
            rejects.getLocalValuePrimitive(),
            bytes.getLocalValuePrimitive(),
            inputBytes.getLocalValuePrimitive()
        }));
    }

    void read(ListState<long[]> state) throws Exception {
        for (long[] stored : state.get()) {
            if (stored.length != STORED) {
                throw new IllegalStateException("totals of " + stored.length + " numbers in the checkpoint");
            }
            documents.add(stored[0]);
            rejects.add(stored[1]);
            bytes.add(stored[2]);
            inputBytes.add(stored[3]);
        }
    }
}
