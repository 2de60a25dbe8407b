package io.bytelm.job.cli;

import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.job.bench.BenchSettings;
import io.bytelm.job.bench.BenchTexts;
import io.bytelm.job.bench.ConstrainedComparison;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Outputs that a benchmark draws with a constraint and without one. */
final class BenchConstraint {
    @Option(
            names = "--constraint",
            paramLabel = "FILE",
            order = 12,
            description =
                    "Instead of all that, draw outputs with this constraint and without one, in turns; a file as for"
                            + " decode. They have at most --document-bytes, and begin after the documents' first 32 bytes.")
    private @Nullable Path file;

    boolean isGiven() {
        return file != null;
    }

    /** @throws UserException if the file is refused, or no output fits into the length of a document */
    void compare(
            BenchSettings settings,
            BenchTexts texts,
            ModelSettings model,
            int warmUpRounds,
            int rounds,
            Terminal terminal) {
        if (file == null) {
            throw new IllegalStateException("there is no --constraint");
        }
        if (!settings.deferring().isEmpty()) {
            throw new UserException("bench --constraint draws over all tokenizations; leave out --tokenizations");
        }
        ConstrainedComparison comparison = new ConstrainedComparison(
                settings,
                texts,
                ConstraintOptions.compiledFile(file).constraint(),
                what -> terminal.line(terminal.styled(Style.DIM, "... " + what)));
        try {
            new ConstrainedComparisonTable(terminal).print(comparison.run(model, warmUpRounds, rounds), settings);
        } catch (IllegalArgumentException e) {
            throw new UserException("--constraint " + file + ": " + e.getMessage() + "; give more --document-bytes", e);
        }
    }
}
