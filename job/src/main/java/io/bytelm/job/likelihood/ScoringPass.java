package io.bytelm.job.likelihood;

import io.bytelm.job.FlinkSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.likelihood.ownership.Owner;
import io.bytelm.service.TrieLmService;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** One model's way over all documents: a Flink job, from its beginning or from its last checkpoint. */
final class ScoringPass {
    private static final long POLL_MILLIS = 300;

    private final LikelihoodSettings settings;
    private final FlinkSettings flink;
    private final Path temporary;
    private final String name;

    /**
     * @param temporary where a Flink in this process keeps its files
     * @param name of the job
     */
    ScoringPass(LikelihoodSettings settings, FlinkSettings flink, Path temporary, String name) {
        this.settings = settings;
        this.flink = flink;
        this.temporary = temporary;
        this.name = name;
    }

    /**
     * Runs until the job has finished.
     *
     * @param owner in whose name rows are written
     * @param progress is told now and then how far it is, and at the end
     * @return what was told last; null if the job was submitted detached, and goes on alone
     * @throws Exception what failed the job, if it failed for good; its checkpoints stay
     */
    @Nullable
    ScoringProgress run(JobModel model, PassDirectory directory, Owner owner, Consumer<ScoringProgress> progress)
            throws Exception {
        StreamExecutionEnvironment env = environment(directory);
        LikelihoodTopology.build(env, settings, settings.plan(model.on(env), model.combination()), directory, owner);
        // Opened first: what is wrong with the model is said at once, and not after the job's restarts.
        try (TrieLmService opened = env instanceof LocalStreamEnvironment ? model.open() : null) {
            if (opened != null) {
                opened.models().forEach(each -> settings.beam().beamParams(each.vocabulary()));
                if (settings.canonical() != null) {
                    opened.models().forEach(TrieLmService::canonicalRules);
                }
            }
            long start = System.nanoTime();
            JobClient job = env.executeAsync(name);
            if (isDetached(env)) {
                return null;
            }
            CompletableFuture<JobExecutionResult> result = job.getJobExecutionResult();
            while (!isDone(result)) {
                @Nullable Map<String, Object> found = accumulators(job);
                if (found != null) {
                    progress.accept(ScoringProgress.of(found, secondsSince(start)));
                }
            }
            ScoringProgress last = ScoringProgress.of(resultOf(result).getAllAccumulatorResults(), secondsSince(start));
            progress.accept(last);
            return last;
        }
    }

    /** Where the user said so, as {@code flink run --detached} does: it is Flink's default too, which says nothing. */
    private static boolean isDetached(StreamExecutionEnvironment env) {
        boolean isAttached =
                env.getConfiguration().getOptional(DeploymentOptions.ATTACHED).orElse(true);
        return !(env instanceof LocalStreamEnvironment) && !isAttached;
    }

    private StreamExecutionEnvironment environment(PassDirectory directory) throws IOException {
        org.apache.flink.core.fs.Path last = directory.lastCheckpoint();
        Map<String, String> options = new LinkedHashMap<>();
        options.put("execution.state-recovery.claim-mode", "CLAIM"); // what is superseded is deleted
        options.put("heartbeat.interval", "1 s"); // brings the accumulators, where this process is the cluster
        options.put("source.reader.element.queue.capacity", "1"); // reading ahead takes little memory
        options.putAll(flink.others());
        return new FlinkSettings(
                        flink.parallelism(),
                        flink.checkpointIntervalMillis(),
                        directory.checkpoints().toString(),
                        last == null ? null : last.toString(),
                        options)
                .environment(temporary);
    }

    private static boolean isDone(CompletableFuture<JobExecutionResult> result) throws InterruptedException {
        try {
            result.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    /** Null while the job cannot tell: it starts, or has just ended. */
    private static @Nullable Map<String, Object> accumulators(JobClient job) throws InterruptedException {
        try {
            return job.getAccumulators().get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | IllegalStateException e) {
            return null;
        }
    }

    private static JobExecutionResult resultOf(CompletableFuture<JobExecutionResult> result) throws Exception {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
