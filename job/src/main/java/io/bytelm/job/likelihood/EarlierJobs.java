package io.bytelm.job.likelihood;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.deployment.executors.RemoteExecutor;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
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

    /** How the names of deployments on Kubernetes and YARN end that take more than one job. */
    private static final String SESSION = "-session";

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
        Configuration configuration =
                Configuration.fromMap(env.getConfiguration().toMap());
        String target = configuration.getOptional(DeploymentOptions.TARGET).orElse("");
        return target.equals(RemoteExecutor.NAME) || target.endsWith(SESSION)
                ? cancel(
                        new DefaultClusterClientServiceLoader().getClusterClientFactory(configuration),
                        configuration,
                        output)
                : List.of();
    }

    private static <C> List<String> cancel(ClusterClientFactory<C> clusters, Configuration configuration, String output)
            throws Exception {
        List<String> cancelled = new ArrayList<>();
        try (ClusterDescriptor<C> descriptor = clusters.createClusterDescriptor(configuration);
                ClusterClient<C> cluster = descriptor
                        .retrieve(clusters.getClusterId(configuration))
                        .getClusterClient()) {
            for (JobStatusMessage job : cluster.listJobs().get(ANSWER_SECONDS, TimeUnit.SECONDS)) {
                if (job.getJobName().endsWith(nameEnd(output))
                        && !job.getJobState().isGloballyTerminalState()) {
                    end(cluster, job);
                    cancelled.add(job.getJobId().toString());
                }
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
