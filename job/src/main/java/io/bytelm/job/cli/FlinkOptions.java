package io.bytelm.job.cli;

import io.bytelm.job.FlinkSettings;
import io.bytelm.job.UserException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How Flink runs the job. */
final class FlinkOptions {
    private static final String OTHERS = "--flink";

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            order = 400,
            description = "Subtasks of each operator. Default: the cluster's; in this process one a core.")
    private @Nullable Integer parallelism;

    @Option(
            names = "--checkpoint-interval-ms",
            paramLabel = "MS",
            order = 401,
            description = "How often outputs are committed, and so how late they are seen. Default: the cluster's, else"
                    + " 1000.")
    private @Nullable Long checkpointIntervalMillis;

    @Option(
            names = "--checkpoint-dir",
            paramLabel = "DIR",
            order = 402,
            description = "Where checkpoints are kept, so that a stopped job can be resumed. Default: the cluster's; in"
                    + " this process a temporary directory.")
    private @Nullable String checkpointDirectory;

    @Option(
            names = "--resume-from",
            paramLabel = "DIR",
            order = 403,
            description = "Go on from this checkpoint (its chk-N directory) or savepoint; of a --checkpoint-dir on this"
                    + " machine, from the newest checkpoint in it.")
    private @Nullable String resumeFrom;

    @Option(
            names = OTHERS,
            paramLabel = NamedValues.LABEL,
            order = 404,
            description =
                    "Any of Flink's settings, for instance state.backend.type=rocksdb; may be given several times, or several separated by commas.")
    private List<String> others = new ArrayList<>();

    FlinkSettings settings() {
        if (parallelism != null && parallelism < 1) {
            throw new UserException("--parallelism must be at least 1, got " + parallelism);
        }
        if (checkpointIntervalMillis != null && checkpointIntervalMillis < 10) {
            throw new UserException("--checkpoint-interval-ms must be at least 10, got " + checkpointIntervalMillis);
        }
        return new FlinkSettings(
                parallelism, checkpointIntervalMillis, checkpointDirectory, resumeFrom, NamedValues.of(OTHERS, others));
    }
}
