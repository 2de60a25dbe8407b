package io.bytelm.job.cluster;

import io.bytelm.job.FreePorts;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** A standalone session cluster on loopback without high availability: a JobManager and TaskManagers, each a process. */
final class SessionCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int JOB_MANAGER_MEGABYTES = 320;
    private static final int TASK_MANAGER_MEGABYTES = 512;
    private static final int CLIENT_MEGABYTES = 192;

    private final Installation installation;
    private final List<ClusterProcess> taskManagers = new ArrayList<>();
    private final ClusterProcess jobManager;
    private final FlinkRest rest;

    /** Starts all processes; returns when all slots are there. */
    static SessionCluster start(Installation installation, int taskManagers, int slotsEach) throws Exception {
        SessionCluster cluster = new SessionCluster(installation, slotsEach);
        try {
            for (int i = 1; i <= taskManagers; i++) {
                cluster.taskManagers.add(cluster.startProcess(
                        "taskmanager-" + i,
                        TASK_MANAGER_MEGABYTES,
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner"));
            }
            Await.until(
                    "all slots are there; logs in " + installation.directory("log"),
                    PATIENCE,
                    () -> cluster.rest.allSlots() == taskManagers * slotsEach);
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    /** Adds a TaskManager on whose machine nobody has installed the model service. */
    void startTaskManagerWithoutEngine() throws IOException, InterruptedException {
        int slots = rest.allSlots();
        taskManagers.add(installation.startFlinkWithoutEngine(
                "taskmanager-without-engine",
                TASK_MANAGER_MEGABYTES,
                "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                "--configDir",
                installation.directory("conf").toString()));
        Await.until("its slots are there", PATIENCE, () -> rest.allSlots() > slots);
    }

    private SessionCluster(Installation installation, int slotsEach) throws IOException {
        this.installation = installation;
        int restPort = FreePorts.next();
        Map<String, String> settings = Map.ofEntries(
                Map.entry("jobmanager.rpc.address", "localhost"),
                Map.entry("jobmanager.rpc.port", Integer.toString(FreePorts.next())),
                Map.entry("jobmanager.bind-host", "localhost"),
                Map.entry("rest.address", "localhost"),
                Map.entry("rest.bind-address", "localhost"),
                Map.entry("rest.port", Integer.toString(restPort)),
                Map.entry("taskmanager.host", "localhost"),
                Map.entry("taskmanager.bind-host", "localhost"),
                Map.entry("taskmanager.numberOfTaskSlots", Integer.toString(slotsEach)),
                Map.entry("heartbeat.timeout", "10 min"), // a frozen TaskManager is not given up
                Map.entry("pekko.ask.timeout", "10 min"),
                Map.entry("web.refresh-interval", "100"),
                Map.entry("rest.cache.checkpoint-statistics.timeout", "100 ms"),
                Map.entry("io.tmp.dirs", installation.directory("tmp").toString()));
        Configuration configuration = Configuration.fromMap(TaskManagerMemory.SMALL);
        settings.forEach(configuration::setString);
        installation.writeFlinkConfiguration(configuration);
        this.rest = new FlinkRest(() -> "http://localhost:" + restPort);
        this.jobManager = startProcess(
                "jobmanager",
                JOB_MANAGER_MEGABYTES,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    }

    private ClusterProcess startProcess(String name, int heapMegabytes, String mainClass) throws IOException {
        return installation.startFlink(
                name,
                heapMegabytes,
                mainClass,
                "--configDir",
                installation.directory("conf").toString());
    }

    /** From now on no job goes on, and none comes to its end. */
    void freezeTaskManagers() throws IOException, InterruptedException {
        for (ClusterProcess taskManager : taskManagers) {
            taskManager.freeze();
        }
    }

    void thawTaskManagers() throws IOException, InterruptedException {
        for (ClusterProcess taskManager : taskManagers) {
            taskManager.thaw();
        }
    }

    FlinkRest rest() {
        return rest;
    }

    /** Starts {@code flink run} with bytelm-job.jar and waits for nothing. */
    ClusterProcess submit(String name, List<String> arguments) throws IOException {
        return submit(name, List.of(), arguments);
    }

    /** The same with options of {@code flink run} itself. */
    ClusterProcess submit(String name, List<String> optionsOfFlink, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("run"));
        command.addAll(optionsOfFlink);
        command.add(Installation.jobJar().toString());
        command.addAll(arguments);
        return installation.startFlink(
                name, CLIENT_MEGABYTES, "org.apache.flink.client.cli.CliFrontend", command.toArray(String[]::new));
    }

    /** Where its processes write their logs. */
    Path logs() {
        return installation.directory("log");
    }

    @Override
    public void close() {
        taskManagers.forEach(ClusterProcess::close);
        jobManager.close();
    }
}
