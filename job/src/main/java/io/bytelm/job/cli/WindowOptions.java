package io.bytelm.job.cli;

import io.bytelm.job.likelihood.scoring.Windows;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether long documents are read in windows. */
final class WindowOptions {
    @Option(
            names = "--window-bytes",
            paramLabel = "BYTES",
            order = 10,
            defaultValue = "0",
            description =
                    "Score long documents in windows of so many bytes, each read from its own beginning; 0 reads on,"
                            + " and the model forgets its oldest tokens. Default: ${DEFAULT-VALUE}.")
    private int windowBytes;

    @Option(
            names = "--stride-bytes",
            paramLabel = "BYTES",
            order = 11,
            description =
                    "How far a window begins after the one before: so many bytes of each count, after the others as"
                            + " context. Default: half a window.")
    private @Nullable Integer strideBytes;

    /** @throws IllegalArgumentException if a length cannot be; the message names it */
    Windows windows() {
        int stride = strideBytes == null ? Math.max(1, windowBytes / 2) : strideBytes;
        return windowBytes == 0 ? Windows.NONE : new Windows(windowBytes, stride);
    }
}
