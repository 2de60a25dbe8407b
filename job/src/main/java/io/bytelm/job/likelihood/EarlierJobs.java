package io.bytelm.job.likelihood;

import io.bytelm.job.TargetCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Jobs that a killed command has left on a cluster: they run on, and would write their rows beside those of the command
 * that goes on. Known by their name, which ends with the output directory.
 */
final class EarlierJobs {
    private static final long ANSWER_SECONDS = 30;
    private static final long END_SECONDS = 120;
    private static final long POLL_MILLIS = 200;

    private EarlierJobs() {}

    /** The end of the name of all jobs that write into a directory. */
    static String nameEnd(String output) {
        return " into " + output;
    }

    /**
     * Cancels them, and waits until they have ended; what they have checkpointed stays. Does nothing unless the environment
     * submits to a session cluster: any other one has no jobs but its own. This only frees their slots at once: that they
     * write no more is {@link io.bytelm.job.likelihood.ownership.Owner}'s doing, on whatever cluster they run.
     *
     * @return the ids of the jobs that were cancelled
     * @throws Exception if the cluster does not answer
     */
    static List<String> cancel(StreamExecutionEnvironment env, String output) throws Exception {
        return TargetCluster.ask(env, cluster -> cancel(cluster, output)).orElse(List.of());
    }

    private static List<String> cancel(ClusterClient<?> cluster, String output) throws Exception {
        List<String> cancelled = new ArrayList<>();
        for (JobStatusMessage job : cluster.listJobs().get(ANSWER_SECONDS, TimeUnit.SECONDS)) {
            if (job.getJobName().endsWith(nameEnd(output)) && !job.getJobState().isGloballyTerminalState()) {
                end(cluster, job);
                cancelled.add(job.getJobId().toString());
            }
        }
        return cancelled;
    }

    private static void end(ClusterClient<?> cluster, JobStatusMessage job) throws Exception {
        try {
            cluster.cancel(job.getJobId()).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            // It may have ended by itself just now; if it has not, the wait below says so.
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
        while (!cluster.getJobStatus(job.getJobId())
                .get(ANSWER_SECONDS, TimeUnit.SECONDS)
                .isGloballyTerminalState()) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("job " + job.getJobId() + " of an earlier command does not end; cancel it");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }
}
