package io.bytelm.job.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;

/** A standalone session cluster on loopback without high availability: a JobManager and TaskManagers, each a process. */
final class SessionCluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int JOB_MANAGER_MEGABYTES = 320;
    private static final int TASK_MANAGER_MEGABYTES = 512;
    private static final int CLIENT_MEGABYTES = 192;

    private final Installation installation;
    private final List<ClusterProcess> processes = new ArrayList<>();
    private final FlinkRest rest;

    /** Starts all processes; returns when all slots are there. */
    static SessionCluster start(Installation installation, int taskManagers, int slotsEach) throws Exception {
        SessionCluster cluster = new SessionCluster(installation, slotsEach);
        try {
            for (int i = 1; i <= taskManagers; i++) {
                cluster.startProcess(
                        "taskmanager-" + i,
                        TASK_MANAGER_MEGABYTES,
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner");
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

    private SessionCluster(Installation installation, int slotsEach) throws IOException {
        this.installation = installation;
        int restPort = BrokerProcess.freePort();
        Map<String, String> settings = Map.of(
                "jobmanager.rpc.address", "localhost",
                "jobmanager.rpc.port", Integer.toString(BrokerProcess.freePort()),
                "jobmanager.bind-host", "localhost",
                "rest.address", "localhost",
                "rest.bind-address", "localhost",
                "rest.port", Integer.toString(restPort),
                "taskmanager.host", "localhost",
                "taskmanager.bind-host", "localhost",
                "taskmanager.numberOfTaskSlots", Integer.toString(slotsEach),
                "io.tmp.dirs", installation.directory("tmp").toString());
        Configuration configuration = Configuration.fromMap(TaskManagerMemory.SMALL);
        settings.forEach(configuration::setString);
        installation.writeFlinkConfiguration(configuration);
        this.rest = new FlinkRest(() -> "http://localhost:" + restPort);
        startProcess(
                "jobmanager",
                JOB_MANAGER_MEGABYTES,
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint");
    }

    private void startProcess(String name, int heapMegabytes, String mainClass) throws IOException {
        processes.add(installation.startFlink(
                name,
                heapMegabytes,
                mainClass,
                "--configDir",
                installation.directory("conf").toString()));
    }

    FlinkRest rest() {
        return rest;
    }

    /** Starts {@code flink run} with bytelm-job.jar and waits for nothing. */
    ClusterProcess submit(String name, List<String> arguments) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("run", Installation.jobJar().toString()));
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
        processes.forEach(ClusterProcess::close);
    }
}
