package io.bytelm.job.check;

import io.bytelm.job.UserException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.IllegalConfigurationException;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Whether the Flink that a job is about to run on has what it needs. Blocks for some seconds at most. */
public final class ClusterCheck {
    private static final String EMBEDDED = "embedded";

    private final StreamExecutionEnvironment env;
    private final Configuration client;

    public ClusterCheck(StreamExecutionEnvironment env) {
        this.env = env;
        this.client = Configuration.fromMap(env.getConfiguration().toMap());
    }

    /** A line each of checkpoints, jars, memory and slots. */
    public List<CheckLine> lines(MemoryNeed need) {
        if (env instanceof LocalStreamEnvironment) {
            return List.of(checkpoints(new Configuration()), heapOfThisProcess(need));
        }
        List<CheckLine> lines = new ArrayList<>();
        try {
            Optional<ClusterView> cluster = ClusterView.of(client);
            lines.add(checkpoints(cluster.map(ClusterView::configuration).orElseGet(Configuration::new)));
            lines.add(jars());
            lines.addAll(cluster.map(view -> ofSession(view, need)).orElseGet(() -> ofOwnCluster(need)));
        } catch (UserException e) {
            lines.add(checkpoints(new Configuration()));
            lines.add(jars());
            lines.add(CheckLine.refused("cluster", String.valueOf(e.getMessage())));
        }
        return lines;
    }

    private CheckLine checkpoints(Configuration cluster) {
        return CheckpointDirectoryCheck.line(client, cluster, env instanceof LocalStreamEnvironment);
    }

    private static CheckLine jars() {
        return CheckLine.of("jars", () -> {
            SharedJars.complaint(ClusterCheck.class.getClassLoader()).ifPresent(line -> {
                throw new UserException(line);
            });
            return "model service and engine are in Flink's lib directory on this machine";
        });
    }

    private static CheckLine heapOfThisProcess(MemoryNeed need) {
        long most = Runtime.getRuntime().maxMemory();
        long needed = need.heapBytes(1);
        String text = "this process may have " + (most >> 20) + " MiB of Java's heap, and the job needs "
                + (needed >> 20) + " (twice --cache-mb, and what a subtask holds)";
        return most >= needed
                ? CheckLine.ok("heap", text)
                : CheckLine.warning("heap", text + "; start java with -Xmx" + ((needed >> 20) + 256) + "m");
    }

    private List<CheckLine> ofSession(ClusterView cluster, MemoryNeed need) {
        List<CheckLine> lines = new ArrayList<>();
        lines.add(CheckLine.ok(
                "cluster",
                cluster.address() + ", " + cluster.taskManagers().size() + " TaskManagers, " + cluster.otherJobs()
                        + " other jobs of this program"));
        if (cluster.taskManagers().isEmpty()) {
            lines.addAll(ofConfiguration(cluster.configuration(), need, 1 + cluster.otherJobs()));
        } else {
            // TaskManagers of one kind say the same
            LinkedHashSet<CheckLine> different = new LinkedHashSet<>();
            for (ProcessMemory taskManager : cluster.taskManagers()) {
                different.addAll(new MemoryCheck(need, taskManager, 1 + cluster.otherJobs()).lines());
            }
            lines.addAll(different);
        }
        lines.add(slots(cluster));
        return lines;
    }

    private CheckLine slots(ClusterView cluster) {
        int parallelism = env.getParallelism();
        String text = "parallelism is " + parallelism + ", and " + cluster.freeSlots() + " of " + cluster.slots()
                + " slots are free";
        if (parallelism <= cluster.freeSlots()) {
            return CheckLine.ok("slots", text);
        }
        return cluster.startsTaskManagers()
                ? CheckLine.ok("slots", text + "; the cluster starts TaskManagers for the others")
                : CheckLine.warning(
                        "slots",
                        text + "; the job waits until there are enough: set --parallelism "
                                + Math.max(1, cluster.freeSlots())
                                + ", or more taskmanager.numberOfTaskSlots, or start another TaskManager");
    }

    /** A cluster that comes with the job: where this is its JobManager, its configuration is the client's. */
    private List<CheckLine> ofOwnCluster(MemoryNeed need) {
        return client.getOptional(DeploymentOptions.TARGET).orElse("").equals(EMBEDDED)
                ? ofConfiguration(client, need, 1)
                : List.of(CheckLine.unseen(
                        "memory", "the cluster is started with the job; each TaskManager logs findings"));
    }

    private static List<CheckLine> ofConfiguration(Configuration cluster, MemoryNeed need, int jobs) {
        try {
            return new MemoryCheck(need, ProcessMemory.of(cluster), jobs).lines();
        } catch (IllegalConfigurationException e) {
            return List.of(
                    CheckLine.unseen("memory", "no TaskManager is there, and their configuration says nothing of it"));
        }
    }
}
