package io.bytelm.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.binary.ImmutableTypeInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.api.connector.source.lib.NumberSequenceSource;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.checkpoint.AbstractCheckpointStats;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of a job whose operator is full and whose model does not answer, on Flink's own tasks and network. */
@Timeout(180)
class FullOperatorCheckpointIT {
    private static final long RECORDS = 60_000;
    private static final long SESSIONS = 500;
    private static final int CAPACITY = 4;
    private static final int PARALLELISM = 2;
    private static final int CHECKPOINTS = 3;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REGISTRATION = Duration.ofSeconds(3);

    /** The cluster counts those that are gone too. */
    private static int startedTaskManagers = PARALLELISM;

    private static long lastStartNanos;

    private static final Map<String, Long> BYTES = new ConcurrentHashMap<>();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(2)
            .setNumberSlotsPerTaskManager(1)
            .setConfiguration(smallBuffers())
            .build());

    @TempDir
    private Path directory;

    /** So that the input, most of which is never read by a full operator, need not be large. */
    private static Configuration smallBuffers() {
        Configuration configuration = new Configuration();
        configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("4kb"));
        return configuration;
    }

    /** Keeps how far each session has come. */
    private static final class LongestSessions implements Sink<Result> {
        @Override
        public SinkWriter<Result> createWriter(WriterInitContext context) {
            return new SinkWriter<>() {
                @Override
                public void write(Result result, Context context) {
                    Score score = (Score) result;
                    BYTES.merge(new String(score.session(), StandardCharsets.UTF_8), score.bytesConsumed(), Math::max);
                }

                @Override
                public void flush(boolean endOfInput) {}

                @Override
                public void close() {}
            };
        }
    }

    /** A job that a failed test left behind would keep its slots. */
    @AfterEach
    void cancelAll(@InjectMiniCluster MiniCluster cluster) throws Exception {
        HeldBackService.release();
        for (JobStatusMessage job : cluster.listJobs().get()) {
            if (!job.getJobState().isGloballyTerminalState()) {
                cluster.cancelJob(job.getJobId()).get();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void checkpointsCompleteSoonWhileTheOperatorIsFullAndLoseNothing(
            boolean unaligned, @InjectMiniCluster MiniCluster cluster) throws Exception {
        JobClient job = start(unaligned, RECORDS);
        await("both subtasks are full", () -> HeldBackService.asked() == PARALLELISM * CAPACITY);
        Thread.sleep(1000); // the network's buffers fill up

        assertCheckpointsCompleteSoon(job, cluster);

        cluster.terminateTaskManager(startedTaskManagers - 1).get();
        await("the job is restored", () -> {
            replaceLostTaskManagers(cluster);
            return stats(job, cluster).getCounts().getNumberOfRestoredCheckpoints() > 0;
        });
        HeldBackService.release();
        CompletableFuture<?> result = job.getJobExecutionResult();
        await("the job ends", () -> {
            replaceLostTaskManagers(cluster); // which may be known to be lost only after the job was restored on it
            return result.isDone();
        });
        result.get();
        assertThat(BYTES).isEqualTo(everyRecordOnce(RECORDS));
    }

    /**
     * As a supervisor does. The other one can be lost along: a task that closes its input in the middle of a record gives a
     * buffer back, and in Flink 2.2 this throws when the sender is gone, which ends the process.
     */
    private static void replaceLostTaskManagers(MiniCluster cluster) throws Exception {
        boolean mayBeRegistering = System.nanoTime() - lastStartNanos < REGISTRATION.toNanos();
        if (!mayBeRegistering && cluster.requestClusterOverview().get().getNumTaskManagersConnected() < PARALLELISM) {
            cluster.startTaskManager();
            startedTaskManagers++;
            lastStartNanos = System.nanoTime();
        }
    }

    @Test
    void unalignedCheckpointsCompleteAlsoWhileTheEndOfTheInputWaits(@InjectMiniCluster MiniCluster cluster)
            throws Exception {
        JobClient job = start(true, 2 * CAPACITY);
        await("records are in flight", () -> HeldBackService.asked() >= CAPACITY);
        Thread.sleep(1000); // the input comes to its end

        assertCheckpointsCompleteSoon(job, cluster);

        HeldBackService.release();
        job.getJobExecutionResult().get();
        assertThat(BYTES).isEqualTo(everyRecordOnce(2 * CAPACITY));
    }

    private static void assertCheckpointsCompleteSoon(JobClient job, MiniCluster cluster) throws Exception {
        long start = System.currentTimeMillis();
        await("checkpoints complete", () -> since(start, job, cluster).size() >= CHECKPOINTS);
        List<Long> tookMillis = since(start, job, cluster);
        System.out.println("checkpoints of a full operator took (ms): " + tookMillis);
        assertThat(tookMillis).allMatch(millis -> millis < SOON.toMillis());
        assertThat(BYTES).as("outputs").isEmpty();
    }

    private JobClient start(boolean unaligned, long records) throws Exception {
        BYTES.clear();
        HeldBackService.holdBack();
        Configuration configuration = new Configuration();
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(500));
        configuration.set(CheckpointingOptions.ENABLE_UNALIGNED, unaligned);
        configuration.set(CheckpointingOptions.TOLERABLE_FAILURE_NUMBER, Integer.MAX_VALUE);
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, directory.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 100);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(PARALLELISM);
        SessionSettings settings = new SessionSettings(
                CAPACITY, 32, new RetrySettings(5, 600_000, 1, 1, 0), ServiceFailurePolicy.FAIL_JOB, 0);
        env.fromSource(new NumberSequenceSource(0, records - 1), WatermarkStrategy.noWatermarks(), "numbers")
                .map(FullOperatorCheckpointIT::record)
                .returns(ImmutableTypeInfo.INPUT_RECORD)
                .keyBy(new SessionKey(), Types.STRING)
                .transform(
                        "sessions",
                        ImmutableTypeInfo.RESULT,
                        new SessionOperatorFactory<>(
                                HeldBackService::new, service -> new AppendingLogic(), Types.STRING, settings))
                .sinkTo(new LongestSessions());
        return env.executeAsync("full");
    }

    private static InputRecord record(long number) {
        return SessionOperatorHarness.record(session(number), null, "ab", number);
    }

    private static String session(long number) {
        return "s" + number % SESSIONS;
    }

    private static Map<String, Long> everyRecordOnce(long records) {
        return LongStream.range(0, records)
                .boxed()
                .collect(Collectors.toMap(FullOperatorCheckpointIT::session, n -> 2L, Long::sum));
    }

    /** The durations (ms) of the completed checkpoints that were triggered since then. */
    private static List<Long> since(long millis, JobClient job, MiniCluster cluster) throws Exception {
        return stats(job, cluster).getHistory().getCheckpoints().stream()
                .filter(checkpoint -> checkpoint instanceof CompletedCheckpointStats)
                .filter(checkpoint -> checkpoint.getTriggerTimestamp() >= millis)
                .map(AbstractCheckpointStats::getEndToEndDuration)
                .toList();
    }

    private static CheckpointStatsSnapshot stats(JobClient job, MiniCluster cluster) throws Exception {
        return cluster.getExecutionGraph(job.getJobID()).get().getCheckpointStatsSnapshot();
    }

    private static void await(String what, Callable<Boolean> isSo) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isSo.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
