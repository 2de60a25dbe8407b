package io.bytelm.job.cluster;

import io.bytelm.job.FreePorts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;

/**
 * A Flink cluster with high availability: a ZooKeeper server, a leading JobManager and one that stands by, and
 * TaskManagers, each a process, started as Flink's own scripts start them. Configured by {@code configs/flink-config.yaml}.
 */
final class FlinkCluster implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(240);
    private static final int TASK_MANAGERS = 2;
    private static final int SLOTS = 4; // as configs/flink-config.yaml says
    /** The slots of all TaskManagers. */
    static final int ALL_SLOTS = TASK_MANAGERS * SLOTS;

    private static final int JOB_MANAGER_MEGABYTES = 320;
    private static final int TASK_MANAGER_MEGABYTES = 512;
    private static final int ZOOKEEPER_MEGABYTES = 96;
    private static final int CLIENT_MEGABYTES = 192;

    /** Smaller and less patient than a cluster for work. */
    private static final Map<String, String> OF_A_TEST = Map.ofEntries(
            Map.entry("heartbeat.interval", "500"),
            Map.entry("heartbeat.timeout", "8000"),
            Map.entry("high-availability.zookeeper.client.session-timeout", "6000"),
            Map.entry("restart-strategy.type", "exponential-delay"),
            Map.entry("restart-strategy.exponential-delay.initial-backoff", "200 ms"),
            Map.entry("restart-strategy.exponential-delay.max-backoff", "1 s"),
            Map.entry("web.refresh-interval", "100"),
            Map.entry("rest.cache.checkpoint-statistics.timeout", "100 ms"),
            Map.entry("web.checkpoints.history", "1000"));

    private final Installation installation;
    private final ClusterProcess zooKeeper;
    private final Map<Integer, ClusterProcess> jobManagers = new TreeMap<>();
    private final Map<String, ClusterProcess> taskManagers = new TreeMap<>();
    private final LeaderAddress leader;
    private final FlinkRest rest;
    private int started;

    /** Starts all processes and waits for none of them. */
    FlinkCluster(Installation installation, Map<String, String> settings) throws Exception {
        this.installation = installation;
        int zooKeeperPort = FreePorts.next();
        Configuration configuration = configuration(zooKeeperPort);
        settings.forEach(configuration::setString);
        installation.writeFlinkConfiguration(configuration);
        this.zooKeeper = startZooKeeper(zooKeeperPort);
        startJobManager();
        for (int i = 0; i < TASK_MANAGERS; i++) {
            startTaskManager();
        }
        this.leader = new LeaderAddress(configuration);
        this.rest = new FlinkRest(leader);
        startJobManager();
    }

    private Configuration configuration(int zooKeeperPort) throws IOException {
        Path shipped = Path.of("..", "configs", "flink-config.yaml");
        Path copy = installation.directory("conf").resolve("config.yaml");
        Files.copy(shipped, copy);
        Configuration configuration = GlobalConfiguration.loadConfiguration(
                installation.directory("conf").toString());
        OF_A_TEST.forEach(configuration::setString);
        TaskManagerMemory.SMALL.forEach(configuration::setString);
        for (String host : List.of(
                "jobmanager.rpc.address",
                "rest.address",
                "jobmanager.bind-host",
                "rest.bind-address",
                "taskmanager.host",
                "taskmanager.bind-host")) {
            configuration.setString(host, "localhost");
        }
        configuration.setString("high-availability.zookeeper.quorum", "localhost:" + zooKeeperPort);
        configuration.setString("high-availability.storageDir", uri("ha"));
        configuration.setString("execution.checkpointing.dir", uri("checkpoints"));
        configuration.setString("io.tmp.dirs", installation.directory("tmp").toString());
        return configuration;
    }

    private String uri(String directory) {
        return installation.directory(directory).toUri().toString();
    }

    private ClusterProcess startZooKeeper(int port) throws IOException {
        Path file = installation.directory("conf").resolve("zoo.cfg");
        Files.write(
                file,
                List.of(
                        "tickTime=500",
                        "initLimit=10",
                        "syncLimit=5",
                        "dataDir=" + installation.directory("zookeeper"),
                        "clientPort=" + port,
                        "clientPortAddress=127.0.0.1",
                        "admin.enableServer=false"));
        return installation.startFlink(
                "zookeeper",
                ZOOKEEPER_MEGABYTES,
                "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                "--zkConfigFile",
                file.toString(),
                "--peerId",
                "1");
    }

    void startJobManager() throws IOException {
        int port = FreePorts.next();
        started++;
        jobManagers.put(
                port,
                installation.startFlink(
                        "jobmanager-" + started,
                        JOB_MANAGER_MEGABYTES,
                        "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                        "--configDir",
                        installation.directory("conf").toString(),
                        "-Drest.port=" + port,
                        "-Drest.bind-port=" + port));
    }

    void startTaskManager() throws IOException {
        started++;
        String name = "taskmanager-" + started;
        taskManagers.put(
                name,
                installation.startFlink(
                        name,
                        TASK_MANAGER_MEGABYTES,
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        "--configDir",
                        installation.directory("conf").toString(),
                        "-Dtaskmanager.resource-id=" + name));
    }

    /** Submits a job with Flink's command line and does not wait for its end. */
    void submit(String name, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("run", "--detached"));
        command.addAll(arguments);
        try (ClusterProcess client = installation.startFlink(
                "submit-" + name,
                CLIENT_MEGABYTES,
                "org.apache.flink.client.cli.CliFrontend",
                command.toArray(String[]::new))) {
            if (client.awaitExit(START.toSeconds()) != 0) {
                throw new AssertionError("the job " + name + " was not taken: see " + client.log());
            }
        }
    }

    FlinkRest rest() {
        return rest;
    }

    /** @throws IOException if nobody leads */
    ClusterProcess leadingJobManager() throws IOException {
        String address = leader.get();
        for (Map.Entry<Integer, ClusterProcess> jobManager : jobManagers.entrySet()) {
            if (address.endsWith(":" + jobManager.getKey())) {
                return jobManager.getValue();
            }
        }
        throw new IOException("nobody of " + jobManagers.values() + " leads at " + address);
    }

    /** All TaskManagers that this cluster has started and not ended, by their resource ids. */
    Map<String, ClusterProcess> taskManagers() {
        return taskManagers;
    }

    /** What a supervisor does: JobManagers and TaskManagers that ended by themselves, as they do on some failures. */
    void replaceEnded() throws IOException {
        for (ClusterProcess jobManager : List.copyOf(jobManagers.values())) {
            if (!jobManager.isAlive()) {
                forget(jobManager);
                startJobManager();
            }
        }
        for (ClusterProcess taskManager : List.copyOf(taskManagers.values())) {
            if (!taskManager.isAlive()) {
                forget(taskManager);
                startTaskManager();
            }
        }
    }

    void forget(ClusterProcess ended) {
        jobManagers.values().remove(ended);
        taskManagers.values().remove(ended);
        ended.close();
    }

    @Override
    public void close() throws Exception {
        leader.close();
        taskManagers.values().forEach(ClusterProcess::close);
        jobManagers.values().forEach(ClusterProcess::close);
        zooKeeper.close();
    }
}
