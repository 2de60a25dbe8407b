package io.bytelm.job.check;

import io.bytelm.job.TargetCluster;
import io.bytelm.job.UserException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.client.deployment.executors.RemoteExecutor;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.ConfigurationInfoEntry;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagerInfo;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagersHeaders;
import org.apache.flink.runtime.taskexecutor.TaskExecutorMemoryConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * A session cluster as it is when a job is submitted.
 *
 * @param address of the JobManager
 * @param configuration the JobManager's
 * @param taskManagers the memory of each
 * @param slots of all TaskManagers
 * @param freeSlots those of them that no job has
 * @param otherJobs jobs of this program that are running there
 * @param startsTaskManagers whether the cluster starts TaskManagers when a job needs them
 */
record ClusterView(
        String address,
        Configuration configuration,
        List<ProcessMemory> taskManagers,
        int slots,
        int freeSlots,
        int otherJobs,
        boolean startsTaskManagers) {
    private static final long ANSWER_SECONDS = 15;

    /** How the names of all jobs of this program begin. */
    private static final String JOB_NAME = "ByteLM: ";

    /**
     * Asks the cluster that a job of this configuration would be submitted to. Blocks.
     *
     * @return empty if the job comes with a cluster of its own, or runs in this process
     * @throws UserException if the cluster does not answer
     */
    static Optional<ClusterView> of(Configuration client) {
        boolean startsTaskManagers = !RemoteExecutor.NAME.equals(client.get(DeploymentOptions.TARGET));
        try {
            return TargetCluster.ask(client, cluster -> view(cluster, startsTaskManagers))
                    .flatMap(view -> view);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserException("interrupted while asking the JobManager", e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new UserException(
                    "the JobManager does not answer (" + reason + "); start Flink, or give its address with"
                            + " flink run --jobmanager HOST:PORT",
                    e);
        }
    }

    private static Optional<ClusterView> view(ClusterClient<?> cluster, boolean startsTaskManagers)
            throws InterruptedException, ExecutionException, TimeoutException {
        return cluster instanceof RestClusterClient<?> rest
                ? Optional.of(ask(rest, startsTaskManagers))
                : Optional.empty();
    }

    private static ClusterView ask(RestClusterClient<?> rest, boolean startsTaskManagers)
            throws InterruptedException, ExecutionException, TimeoutException {
        Configuration configuration = new Configuration();
        for (ConfigurationInfoEntry entry : answer(rest.sendRequest(
                ClusterConfigurationInfoHeaders.getInstance(),
                EmptyMessageParameters.getInstance(),
                EmptyRequestBody.getInstance()))) {
            configuration.setString(entry.getKey(), entry.getValue());
        }
        List<TaskManagerInfo> found = List.copyOf(answer(rest.sendRequest(
                        TaskManagersHeaders.getInstance(),
                        EmptyMessageParameters.getInstance(),
                        EmptyRequestBody.getInstance()))
                .getTaskManagerInfos());
        int otherJobs = 0;
        for (JobStatusMessage job : answer(rest.listJobs())) {
            if (!job.getJobState().isGloballyTerminalState() && job.getJobName().startsWith(JOB_NAME)) {
                otherJobs++;
            }
        }
        return new ClusterView(
                rest.getWebInterfaceURL(),
                configuration,
                found.stream().map(ClusterView::memory).toList(),
                found.stream().mapToInt(TaskManagerInfo::getNumberSlots).sum(),
                found.stream()
                        .mapToInt(TaskManagerInfo::getNumberAvailableSlots)
                        .sum(),
                otherJobs,
                startsTaskManagers);
    }

    private static ProcessMemory memory(TaskManagerInfo taskManager) {
        TaskExecutorMemoryConfiguration parts = taskManager.getMemoryConfiguration();
        return new ProcessMemory(
                taskManager.getNumberSlots(),
                orNone(parts.getTaskHeap()),
                orNone(parts.getTaskOffHeap()),
                orNone(parts.getJvmMetaspace()),
                orNone(parts.getTotalProcessMemory()));
    }

    private static long orNone(@Nullable Long bytes) {
        return bytes == null ? 0 : bytes;
    }

    private static <T> T answer(CompletableFuture<T> future)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.get(ANSWER_SECONDS, TimeUnit.SECONDS);
    }
}
