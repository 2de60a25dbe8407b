package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.cli.BytelmCommand;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.job.serve.ServiceProcess;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.grpc.ServerSecurity;
import io.bytelm.service.grpc.ServerSettings;
import io.bytelm.service.grpc.ServiceAddress;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.prometheus.PrometheusReporterFactory;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.test.junit5.InjectMiniCluster;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every metric that the dashboard, the alert rules and the README name is one that a running job, or the service that another
 * job asks, shows to Prometheus.
 */
class ShownMetricsIT {
    private static final Path ROOT = Path.of("..");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern EXPORTED = Pattern.compile("\\bflink_(?:job|task)manager_\\w+");
    private static final Pattern IN_README = Pattern.compile("`([a-z]+[A-Z]\\w*)`");
    private static final Pattern OF_SERVICE = Pattern.compile("\\b(?:bytelm_service|process|jvm)_\\w+");
    private static final String DASHBOARD = "docker/grafana/bytelm.json";
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final String ASKED_IN = "asked-in";
    private static final String ASKED_OUT = "asked-out";
    private static final int PORT = freePort();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(2)
            .setConfiguration(withReporter())
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void whatDashboardAlertRulesAndReadmeNameIsShownByAJob(@InjectMiniCluster MiniCluster cluster) throws Exception {
        new BrokerCheck(BROKER.bootstrap(), Map.of())
                .createMissingTopics(List.of(IN, OUT, ASKED_IN, ASKED_OUT), Optional.of(1));
        ModelSettings model = new ModelSettings(
                null, new EngineSettings("cpu", 1, 0, 0, 64 << 20, Precision.FLOAT32), ServiceSettings.defaults());
        ServerSettings server = new ServerSettings(
                new ServiceAddress("127.0.0.1", 0), ServerSecurity.NONE, false, false, Duration.ofSeconds(5));
        ServiceAddress anyPort = new ServiceAddress("127.0.0.1", 0);
        try (ServiceProcess service = ServiceProcess.start(model, server, anyPort)) {
            bothJobs(cluster, service);
        }
    }

    private static void bothJobs(MiniCluster cluster, ServiceProcess service) throws Exception {
        CompletableFuture<Integer> job = start(IN, OUT, "--threads", "1");
        CompletableFuture<Integer> asking =
                start(ASKED_IN, ASKED_OUT, "--service", service.address().toString());
        try {
            readAScore(IN, OUT, job);
            readAScore(ASKED_IN, ASKED_OUT, asking);
            Set<String> shown = named(scrape(new ServiceAddress("localhost", PORT)), EXPORTED);
            Set<String> endings = shown.stream()
                    .map(name -> name.substring(name.lastIndexOf('_') + 1))
                    .collect(Collectors.toSet());

            assertThat(shown).as("dashboard").containsAll(ofAnyDevice(named(read(DASHBOARD), EXPORTED)));
            assertThat(named(scrape(service.metrics()), OF_SERVICE))
                    .as("dashboard, of services")
                    .containsAll(ofAnyDevice(named(read(DASHBOARD), OF_SERVICE)));
            assertThat(shown).as("alert rules").containsAll(named(read("docker/prometheus/alerts.yml"), EXPORTED));
            assertThat(endings).as("README").containsAll(named(metricsOfReadme(), IN_README));
        } finally {
            for (JobStatusMessage running : cluster.listJobs().get()) {
                cluster.cancelJob(running.getJobId()).get();
            }
            assertThat(job.get()).as("exit code of a job that was cancelled").isPositive();
            assertThat(asking.get()).as("the same of the other one").isPositive();
        }
    }

    private static int freePort() {
        try {
            return FreePorts.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration withReporter() {
        Configuration configuration = new Configuration();
        configuration.setString("metrics.reporters", "prometheus");
        configuration.setString("metrics.reporter.prometheus.factory.class", PrometheusReporterFactory.class.getName());
        configuration.setString("metrics.reporter.prometheus.port", Integer.toString(PORT));
        return configuration;
    }

    /** The job as it is submitted, until it is cancelled. */
    private static CompletableFuture<Integer> start(String in, String out, String... more) {
        List<String> command = new ArrayList<>(List.of(
                "score",
                "--bootstrap",
                BROKER.bootstrap(),
                "--in",
                in,
                "--out",
                out,
                "--dead-letters",
                "dead",
                "--create-topics",
                "--partitions",
                "1",
                "--parallelism",
                "1",
                "--checkpoint-interval-ms",
                "200",
                "--checkpoint-dir",
                directory.resolve("checkpoints").toString()));
        command.addAll(List.of(more));
        PrintWriter said = new PrintWriter(System.err, true, UTF_8);
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        new Thread(
                        () -> exitCode.complete(BytelmCommand.run(command.toArray(String[]::new), said, said)),
                        "the submission")
                .start();
        return exitCode;
    }

    /** After that the source shows how far it is behind, too. */
    private static void readAScore(String in, String out, CompletableFuture<Integer> job) {
        try (TopicWriter writer = new TopicWriter(BROKER.bootstrap(), in);
                TopicReader reader = new TopicReader(BROKER.bootstrap(), out)) {
            writer.send("s".getBytes(UTF_8), null, "Dear ".getBytes(UTF_8));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (reader.poll(POLL).isEmpty()) {
                assertThat(job).as("the job").isNotDone();
                assertThat(System.nanoTime()).as("a score within %s", PATIENCE).isLessThan(deadline);
            }
        }
    }

    /** Without those that only a device with memory of its own has; DeviceMetricsTest and ServiceGaugesTest have these. */
    private static Set<String> ofAnyDevice(Set<String> names) {
        return names.stream()
                .filter(name -> !name.toLowerCase(Locale.ROOT).replace("_", "").contains("devicememory"))
                .collect(Collectors.toSet());
    }

    private static String scrape(@Nullable ServiceAddress address) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + address + "/metrics"))
                .timeout(PATIENCE)
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String metricsOfReadme() throws IOException {
        String readme = read("README.md");
        int begin = readme.indexOf("\n## Metrics\n");
        return readme.substring(begin, readme.indexOf("\n## ", begin + 1));
    }

    private static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file));
    }

    /** The first group of each match, or all of it. */
    private static Set<String> named(String text, Pattern pattern) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.groupCount() > 0 ? match.group(1) : match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
