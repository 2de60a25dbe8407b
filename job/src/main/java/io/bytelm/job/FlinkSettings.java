package io.bytelm.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.client.deployment.application.executors.EmbeddedExecutor;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * How Flink runs a job. What is null here, the cluster decides, or else the defaults of this class.
 *
 * @param parallelism subtasks of each operator
 * @param checkpointIntervalMillis how often outputs are committed
 * @param checkpointDirectory a URI or a path; kept when the job ends
 * @param resumeFrom a checkpoint or savepoint to go on from, or a directory of checkpoints on this machine, for its newest
 * @param others any of Flink's options by name; they win over everything
 */
public record FlinkSettings(
        @Nullable Integer parallelism,
        @Nullable Long checkpointIntervalMillis,
        @Nullable String checkpointDirectory,
        @Nullable String resumeFrom,
        Map<String, String> others) {
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(1);
    private static final Duration DEBLOAT_TARGET = Duration.ofMillis(300);
    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration CALM = Duration.ofMinutes(10);
    private static final int ATTEMPTS_IN_THIS_PROCESS = 10;

    public FlinkSettings {
        others = Map.copyOf(others);
    }

    /** The same with another directory for checkpoints. */
    public FlinkSettings withCheckpointDirectory(String directory) {
        return new FlinkSettings(parallelism, checkpointIntervalMillis, directory, resumeFrom, others);
    }

    /**
     * The environment of the cluster that this program was submitted to, or one in this JVM.
     *
     * @param temporary where an environment in this JVM keeps its files, and checkpoints that have no place of their own
     */
    public StreamExecutionEnvironment environment(Path temporary) {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Configuration defaults = defaults();
        if (env instanceof LocalStreamEnvironment) {
            defaults.addAll(ofThisProcess(temporary));
        }
        Configuration given = Configuration.fromMap(env.getConfiguration().toMap());
        Configuration missing = new Configuration();
        defaults.toMap().forEach((key, value) -> {
            if (!given.containsKey(key)) {
                missing.setString(key, value);
            }
        });
        env.configure(missing);
        env.configure(chosen());
        return env;
    }

    /** Whether the program runs in the JobManager of a cluster of its own, which starts it again after a crash. */
    public static boolean isApplication(StreamExecutionEnvironment env) {
        return env.getConfiguration()
                .getOptional(DeploymentOptions.TARGET)
                .filter(target -> target.equals(EmbeddedExecutor.NAME))
                .isPresent();
    }

    /** Settings of a cluster: they count where this JVM is one. */
    private static Configuration ofThisProcess(Path temporary) {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED, true);
        configuration.set(TaskManagerOptions.BUFFER_DEBLOAT_TARGET, DEBLOAT_TARGET);
        // somebody is watching, and would rather read an error
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS, ATTEMPTS_IN_THIS_PROCESS);
        configuration.set(CoreOptions.TMP_DIRS, temporary.toString());
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                temporary.resolve("checkpoints").toUri().toString());
        return configuration;
    }

    private static Configuration defaults() {
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, CHECKPOINT_INTERVAL);
        // given up well before the broker gives up the transactions that wait for it
        configuration.set(CheckpointingOptions.CHECKPOINTING_TIMEOUT, CHECKPOINT_TIMEOUT);
        // a restart frees no disk: outputs wait for the next checkpoint that succeeds
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, FIRST_PAUSE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, LONGEST_PAUSE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD, CALM);
        configuration.set(PipelineOptions.GENERIC_TYPES, false); // no silent fall-back to Kryo
        return configuration;
    }

    private Configuration chosen() {
        Configuration configuration = new Configuration();
        set(configuration, CoreOptions.DEFAULT_PARALLELISM, parallelism);
        set(
                configuration,
                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                checkpointIntervalMillis == null ? null : Duration.ofMillis(checkpointIntervalMillis));
        set(configuration, StateRecoveryOptions.SAVEPOINT_PATH, resumeFrom == null ? null : ResumePoint.in(resumeFrom));
        if (checkpointDirectory != null) {
            configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, uri(checkpointDirectory));
            configuration.set(
                    CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                    ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        }
        others.forEach(configuration::setString);
        return configuration;
    }

    private static <T> void set(Configuration configuration, ConfigOption<T> option, @Nullable T value) {
        if (value != null) {
            configuration.set(option, value);
        }
    }

    private static String uri(String directory) {
        return directory.contains(":/") ? directory : Path.of(directory).toUri().toString();
    }
}
