package io.bytelm.job.cluster;

import io.bytelm.job.kafka.BrokerCheck;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystemFactory;

/**
 * A broker, two trie/LM services, and a Flink cluster with two jobs, one of which asks the services and the other one a model in
 * its own processes; and the files by which parts of it are broken.
 */
final class TestCluster implements AutoCloseable {
    static final String HASH_IN = "hash-in";
    static final String HASH_OUT = "hash-out";
    static final String ENGLISH_IN = "english-in";
    static final String ENGLISH_OUT = "english-out";
    static final String HASH_REJECTED = "hash-rejected";
    static final String ENGLISH_REJECTED = "english-rejected";
    private static final Duration PATIENCE = Duration.ofSeconds(240);
    private static final int PARTITIONS = 4;

    private final Installation installation;
    private final BrokerProcess broker;
    private final ServiceProcesses services;
    private final FlinkCluster flink;

    private TestCluster(
            Installation installation, BrokerProcess broker, ServiceProcesses services, FlinkCluster flink) {
        this.installation = installation;
        this.broker = broker;
        this.services = services;
        this.flink = flink;
    }

    /** Starts everything; returns when both jobs have completed a checkpoint. */
    static TestCluster start(String name) throws Exception {
        Installation installation = Installation.in(name);
        ClassesJar.write(
                installation.directory("plugins").resolve("filling/filling.jar"),
                List.of(
                        FullDiskFileSystemFactory.class,
                        FullDiskFileSystem.class,
                        Class.forName(FullDiskFileSystem.class.getName() + "$1")),
                Map.of(FileSystemFactory.class, FullDiskFileSystemFactory.class));
        BrokerProcess broker = new BrokerProcess(installation);
        ServiceProcesses services = null;
        try {
            services = new ServiceProcesses(installation);
            TestCluster cluster = new TestCluster(installation, broker, services, startFlink(installation));
            try {
                cluster.submitJobs();
                return cluster;
            } catch (Throwable e) {
                cluster.flink.close();
                throw e;
            }
        } catch (Throwable e) {
            if (services != null) {
                services.close();
            }
            broker.close();
            throw e;
        }
    }

    private static FlinkCluster startFlink(Installation installation) throws Exception {
        String checkpoints = FullDiskFileSystemFactory.SCHEME + "://" + installation.directory("checkpoints");
        return new FlinkCluster(
                installation,
                Map.of(
                        "execution.checkpointing.dir",
                        checkpoints,
                        "execution.checkpointing.interval",
                        "500 ms",
                        FullDiskFileSystemFactory.MARKER,
                        fullDiskMarker(installation).toString()));
    }

    private void submitJobs() throws Exception {
        createTopics();
        Path hashModel = ClassesJar.write(
                installation.directory("hash-model.jar"),
                List.of(HashModelJob.class, HashModel.class, HashModelSource.class, HangingService.class),
                Map.of());
        String jar = Installation.jobJar().toString();
        flink.submit(
                "hash",
                List.of(
                        "--classpath",
                        hashModel.toUri().toString(),
                        "--class",
                        HashModelJob.class.getName(),
                        jar,
                        broker.bootstrap(),
                        HASH_IN,
                        HASH_OUT,
                        HASH_REJECTED,
                        hangMarker().toString()));
        List<String> english = new ArrayList<>(List.of(jar, "score", "--bootstrap", broker.bootstrap()));
        english.addAll(List.of("--in", ENGLISH_IN, "--out", ENGLISH_OUT, "--dead-letters", ENGLISH_REJECTED));
        english.addAll(List.of("--parallelism", "2", "--service", services.addresses()));
        english.addAll(List.of("--k", "3", "--prune", "0.01", "--top", "2"));
        HashModelJob.IMPATIENT_CLIENTS.forEach((key, value) -> english.addAll(List.of("--kafka", key + "=" + value)));
        flink.submit("english", english);
        awaitHealth();
    }

    private void createTopics() throws InterruptedException {
        List<String> topics = List.of(HASH_IN, HASH_OUT, HASH_REJECTED, ENGLISH_IN, ENGLISH_OUT, ENGLISH_REJECTED);
        Await.until("the broker has its topics", PATIENCE, () -> {
            try {
                new BrokerCheck(broker.bootstrap(), Map.of()).createMissingTopics(topics, Optional.of(PARTITIONS));
                return true;
            } catch (RuntimeException e) {
                throw new IOException(e);
            }
        });
    }

    /** Waits until both jobs run and have completed a checkpoint under the leader of now, and all slots are there. */
    void awaitHealth() throws InterruptedException {
        await("both jobs complete checkpoints, and all slots are there", this::isHealthy);
    }

    /** Waits for something, and meanwhile replaces processes that end by themselves. */
    void await(String what, Await.Question question) throws InterruptedException {
        Await.until(what + "; logs in " + logs(), PATIENCE, () -> {
            flink.replaceEnded();
            return question.isAnsweredYes();
        });
    }

    private boolean isHealthy() throws IOException, InterruptedException {
        List<String> jobs = flink.rest().jobs();
        for (String job : jobs) {
            if (!flink.rest().state(job).equals("RUNNING")
                    || flink.rest().checkpoints(job).completed() == 0) {
                return false;
            }
        }
        return jobs.size() == 2 && flink.rest().allSlots() == FlinkCluster.ALL_SLOTS;
    }

    FlinkCluster flink() {
        return flink;
    }

    BrokerProcess broker() {
        return broker;
    }

    /** Those that the English job asks. */
    ServiceProcesses services() {
        return services;
    }

    /** While this file exists, the hash model's service hangs. */
    Path hangMarker() {
        return installation.directory("service-hangs");
    }

    /** While this file exists, the disk for checkpoints is full. */
    Path fullDiskMarker() {
        return fullDiskMarker(installation);
    }

    private static Path fullDiskMarker(Installation installation) {
        return installation.directory("disk-is-full");
    }

    /** Where its processes write their logs. */
    Path logs() {
        return installation.directory("log");
    }

    @Override
    public void close() throws Exception {
        flink.close();
        services.close();
        broker.close();
    }
}
