package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of a corpus is in work at the same time. */
final class InFlightOptions {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final int USUAL = 128;
    /** A batch then has neighbouring contexts of few documents, which read the states before them together. */
    private static final int USUAL_OF_KNOWN_CONTEXTS = 8;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            order = 20,
            description = "Documents (or windows) that a TaskManager scores at the same time, fewer if the state cache"
                    + " does not hold them; more fill batches better. As many wait, and the longest begins first."
                    + " Default: 128; 8 where one document fills batches (canonical tokenizations, without --spans).")
    private @Nullable Integer inFlight;

    @Option(
            names = "--in-flight-mb",
            paramLabel = "MIB",
            order = 21,
            defaultValue = "16",
            description = "The most bytes of documents that a subtask holds, one longer document excepted."
                    + " Default: ${DEFAULT-VALUE}.")
    private long mebibytes;

    /**
     * How many windows.
     *
     * @param contextsAreKnown whether one document fills batches
     * @throws UserException if it is none
     */
    int windows(boolean contextsAreKnown) {
        int usual = contextsAreKnown ? USUAL_OF_KNOWN_CONTEXTS : USUAL;
        int windows = inFlight == null ? usual : inFlight;
        requirePositive(windows);
        return windows;
    }

    /** @throws UserException if it is none */
    long bytes() {
        requirePositive(mebibytes);
        return mebibytes << MEBIBYTE_SHIFT;
    }

    private static void requirePositive(long given) {
        if (given < 1) {
            throw new UserException("--in-flight and --in-flight-mb must be at least 1");
        }
    }
}
