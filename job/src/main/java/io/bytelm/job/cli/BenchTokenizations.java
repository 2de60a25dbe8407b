package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.record.Tokenizations;
import java.util.List;
import picocli.CommandLine.Option;

/** Whether a benchmark measures canonical tokenizations too. */
final class BenchTokenizations {
    @Option(
            names = "--tokenizations",
            paramLabel = "WHICH",
            order = 198,
            defaultValue = "all",
            description =
                    "canonical: measure documents over canonical tokenizations as well, beside all in the same run."
                            + " Default: ${DEFAULT-VALUE}.")
    private Tokenizations which;

    @Option(
            names = "--defer",
            paramLabel = "THETA",
            order = 199,
            split = ",",
            description =
                    "With canonical tokenizations: the shares up to which contexts are left out where every byte has a"
                            + " score. Default: 0,0.05.")
    private List<Double> defer = List.of();

    /** The shares; none if only all tokenizations are measured. */
    List<Double> deferring() {
        if (which == Tokenizations.ALL) {
            if (!defer.isEmpty()) {
                throw new UserException("--defer is for --tokenizations canonical");
            }
            return List.of();
        }
        return defer.isEmpty() ? List.of(0.0, 0.05) : defer;
    }
}
