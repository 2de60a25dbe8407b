package io.bytelm.job;

import java.util.Optional;
import org.apache.flink.client.deployment.ClusterClientFactory;
import org.apache.flink.client.deployment.ClusterDescriptor;
import org.apache.flink.client.deployment.DefaultClusterClientServiceLoader;
import org.apache.flink.client.deployment.executors.RemoteExecutor;
import org.apache.flink.client.program.ClusterClient;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The session cluster that a program is submitted to; any other cluster comes with the job, and cannot be asked before. */
public final class TargetCluster {
    /** How the names of deployments on Kubernetes and YARN end that take more than one job. */
    private static final String SESSION = "-session";

    private TargetCluster() {}

    /** What is asked of a cluster. */
    @FunctionalInterface
    public interface Question<R> {
        /** @throws Exception if the cluster does not answer */
        R ask(ClusterClient<?> cluster) throws Exception;
    }

    /**
     * Asks the cluster that the environment submits to. Blocks.
     *
     * @return empty if that is no session cluster
     * @throws Exception if the cluster does not answer
     */
    public static <R> Optional<R> ask(StreamExecutionEnvironment env, Question<R> question) throws Exception {
        return ask(Configuration.fromMap(env.getConfiguration().toMap()), question);
    }

    /**
     * Asks the cluster that a job of this configuration is submitted to. Blocks.
     *
     * @return empty if that is no session cluster
     * @throws Exception if the cluster does not answer
     */
    public static <R> Optional<R> ask(Configuration configuration, Question<R> question) throws Exception {
        String target = configuration.getOptional(DeploymentOptions.TARGET).orElse("");
        return target.equals(RemoteExecutor.NAME) || target.endsWith(SESSION)
                ? Optional.of(ask(
                        new DefaultClusterClientServiceLoader().getClusterClientFactory(configuration),
                        configuration,
                        question))
                : Optional.empty();
    }

    private static <C, R> R ask(ClusterClientFactory<C> clusters, Configuration configuration, Question<R> question)
            throws Exception {
        try (ClusterDescriptor<C> descriptor = clusters.createClusterDescriptor(configuration);
                ClusterClient<C> cluster = descriptor
                        .retrieve(clusters.getClusterId(configuration))
                        .getClusterClient()) {
            return question.ask(cluster);
        }
    }
}
