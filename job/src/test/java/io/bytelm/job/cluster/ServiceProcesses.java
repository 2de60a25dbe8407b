package io.bytelm.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.FreePorts;
import io.bytelm.job.Main;
import io.bytelm.service.grpc.FaultyProxy;
import io.bytelm.service.grpc.ServiceAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Two processes of {@code bytelm serve} with the bundled model, at addresses that stay theirs when they start again. */
final class ServiceProcesses implements AutoCloseable {
    /** The most contexts that wait for a service's model. */
    static final int MAX_WAITING = 256;

    private static final int COUNT = 2;
    private static final long SEED = 7;
    private static final long DRAIN_SECONDS = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final Installation installation;
    private final List<Integer> ports = new ArrayList<>();
    private final List<FaultyProxy> networks = new ArrayList<>();
    private final List<ClusterProcess> processes = new ArrayList<>();
    private int started;

    /** Returns when both listen. */
    ServiceProcesses(Installation installation) throws Exception {
        this.installation = installation;
        for (int number = 0; number < COUNT; number++) {
            ports.add(FreePorts.next());
            networks.add(new FaultyProxy(address(number), SEED + number));
            processes.add(start(number));
        }
    }

    /** As {@code --service} takes them: the near ends of the networks that lead there. */
    String addresses() {
        return networks.stream().map(network -> network.address().toString()).collect(Collectors.joining(","));
    }

    /** Where one listens. */
    ServiceAddress address(int number) {
        return new ServiceAddress("127.0.0.1", ports.get(number));
    }

    int port(int number) {
        return ports.get(number);
    }

    /** The way from the job to one; it can be made a bad one. */
    FaultyProxy network(int number) {
        return networks.get(number);
    }

    int count() {
        return COUNT;
    }

    ClusterProcess process(int number) {
        return processes.get(number);
    }

    /** Starts one again, at its address; returns when it listens and clients have come back. */
    void startAgain(int number) throws Exception {
        ClusterProcess again = start(number);
        processes.set(number, again).close();
        Await.until(
                "a client is back at " + again,
                PATIENCE,
                () -> Files.readString(again.log()).contains("A client has come"));
    }

    /** SIGTERM, and what has to come of it. */
    void end(int number) throws Exception {
        ClusterProcess process = processes.get(number);
        assertThat(process.terminate(2 * DRAIN_SECONDS)).isIn(0, 128 + 15);
        assertThat(Files.readString(process.log())).contains("clients go elsewhere");
    }

    private ClusterProcess start(int number) throws Exception {
        Path log = installation.directory("log").resolve("service-" + number + "-" + started++ + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx512m", "-Dai.djl.offline=true", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("-Dlog4j2.configurationFile=log4j2.properties");
        command.add(Main.class.getName());
        command.addAll(List.of("serve", "--listen", "127.0.0.1:" + ports.get(number), "--threads", "1"));
        command.addAll(List.of("--cache-mb", "32", "--state-cache-mb", "32", "--drain-seconds", "" + DRAIN_SECONDS));
        command.addAll(List.of("--max-waiting", "" + MAX_WAITING));
        ClusterProcess process = ClusterProcess.start("service-" + number, log, command, Map.of());
        Await.until(process + " listens", PATIENCE, () -> isListening(process));
        return process;
    }

    private static boolean isListening(ClusterProcess process) throws IOException {
        assertThat(process.isAlive()).as("%s lives", process).isTrue();
        return Files.readString(process.log()).contains("Serving tiny-en at ");
    }

    @Override
    public void close() throws IOException {
        processes.forEach(ClusterProcess::close);
        for (FaultyProxy network : networks) {
            network.close();
        }
    }
}
