package io.bytelm.job.cli;

import io.bytelm.job.FlinkSettings;
import io.bytelm.job.UserException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How Flink runs a job that keeps its own checkpoints. */
final class BatchJobOptions {
    @Option(
            names = "--parallelism",
            paramLabel = "N",
            order = 400,
            description = "Subtasks that read and score. Default: the cluster's; in this process one a core.")
    private @Nullable Integer parallelism;

    @Option(
            names = "--checkpoint-interval-ms",
            paramLabel = "MS",
            order = 401,
            description = "How much work is lost at most when the run is stopped. Default: 2000.")
    private @Nullable Long checkpointIntervalMillis;

    @Option(
            names = "--flink",
            paramLabel = "NAME=VALUE",
            order = 404,
            split = ",",
            description = "Any of Flink's settings; may be given several times.")
    private Map<String, String> others = new LinkedHashMap<>();

    FlinkSettings settings(long usualIntervalMillis) {
        long interval = checkpointIntervalMillis == null ? usualIntervalMillis : checkpointIntervalMillis;
        if (parallelism != null && parallelism < 1) {
            throw new UserException("--parallelism must be at least 1, got " + parallelism);
        }
        if (interval < 10) {
            throw new UserException("--checkpoint-interval-ms must be at least 10, got " + interval);
        }
        return new FlinkSettings(parallelism, interval, null, null, others);
    }
}
