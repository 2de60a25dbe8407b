package io.bytelm.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a job runs with if nobody says anything, and who wins if somebody does. */
class FlinkSettingsTest {
    @TempDir
    private Path temporary;

    @Test
    void checkpointsAreAlignedWithFewRecordsUnderWayAndNoSerializerIsGuessed() {
        ReadableConfig configuration = configuration(null, Map.of());

        assertThat(configuration.get(CheckpointingOptions.ENABLE_UNALIGNED)).isFalse();
        assertThat(configuration.get(TaskManagerOptions.BUFFER_DEBLOAT_ENABLED)).isTrue();
        assertThat(configuration.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(1));
        assertThat(configuration.get(PipelineOptions.GENERIC_TYPES)).isFalse();
    }

    @Test
    void aJobRestartsAfterGrowingPausesAndIsNotFailedByAFailedCheckpoint() {
        ReadableConfig configuration = configuration(null, Map.of());

        assertThat(configuration.get(RestartStrategyOptions.RESTART_STRATEGY)).isEqualTo("exponential-delay");
        assertThat(configuration.get(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_ATTEMPTS))
                .isEqualTo(10);
        assertThat(configuration.get(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER))
                .isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void aCheckpointIsGivenUpLongBeforeTheTransactionThatWaitsForIt() {
        Duration transaction = Duration.ofMinutes(10); // the default of --transaction-timeout-ms

        assertThat(configuration(null, Map.of()).get(CheckpointingOptions.CHECKPOINTING_TIMEOUT))
                .isLessThan(transaction.dividedBy(2));
    }

    @Test
    void whatIsNamedWinsOverEverything() {
        ReadableConfig configuration = configuration(
                5000L, Map.of("execution.checkpointing.interval", "7 s", "pipeline.generic-types", "true"));

        assertThat(configuration.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(7));
        assertThat(configuration.get(PipelineOptions.GENERIC_TYPES)).isTrue();
    }

    private ReadableConfig configuration(@Nullable Long checkpointIntervalMillis, Map<String, String> others) {
        return new FlinkSettings(1, checkpointIntervalMillis, null, null, others)
                .environment(temporary)
                .getConfiguration();
    }
}
