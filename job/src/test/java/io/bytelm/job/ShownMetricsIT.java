package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.job.cli.BytelmCommand;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.BrokerExtension;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Every metric that the dashboard, the alert rules and the README name is one that a running job shows to Prometheus. */
class ShownMetricsIT {
    private static final Path ROOT = Path.of("..");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Pattern EXPORTED = Pattern.compile("\\bflink_(?:job|task)manager_\\w+");
    private static final Pattern IN_README = Pattern.compile("`([a-z]+[A-Z]\\w*)`");
    private static final String IN = "in";
    private static final String OUT = "out";
    private static final int PORT = freePort();

    @RegisterExtension
    static final MiniClusterExtension CLUSTER = new MiniClusterExtension(new MiniClusterResourceConfiguration.Builder()
            .setNumberTaskManagers(1)
            .setNumberSlotsPerTaskManager(1)
            .setConfiguration(withReporter())
            .build());

    @TempDir
    private static Path directory;

    @RegisterExtension
    static final BrokerExtension BROKER = new BrokerExtension();

    @Test
    void whatDashboardAlertRulesAndReadmeNameIsShownByAJob(@InjectMiniCluster MiniCluster cluster) throws Exception {
        new BrokerCheck(BROKER.bootstrap(), Map.of()).createMissingTopics(List.of(IN, OUT), Optional.of(1));
        CompletableFuture<Integer> job = start();
        try {
            readAScore(job);
            Set<String> shown = named(scrape(), EXPORTED);
            Set<String> endings = shown.stream()
                    .map(name -> name.substring(name.lastIndexOf('_') + 1))
                    .collect(Collectors.toSet());

            assertThat(shown).as("dashboard").containsAll(named(read("docker/grafana/bytelm.json"), EXPORTED));
            assertThat(shown).as("alert rules").containsAll(named(read("docker/prometheus/alerts.yml"), EXPORTED));
            assertThat(endings).as("README").containsAll(named(metricsOfReadme(), IN_README));
        } finally {
            for (JobStatusMessage running : cluster.listJobs().get()) {
                cluster.cancelJob(running.getJobId()).get();
            }
            assertThat(job.get()).as("exit code of a job that was cancelled").isPositive();
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
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
    private static CompletableFuture<Integer> start() {
        String[] command = {
            "score",
            "--bootstrap",
            BROKER.bootstrap(),
            "--in",
            IN,
            "--out",
            OUT,
            "--dead-letters",
            "dead",
            "--create-topics",
            "--partitions",
            "1",
            "--parallelism",
            "1",
            "--threads",
            "1",
            "--checkpoint-interval-ms",
            "200",
            "--checkpoint-dir",
            directory.resolve("checkpoints").toString()
        };
        PrintWriter said = new PrintWriter(System.err, true, UTF_8);
        CompletableFuture<Integer> exitCode = new CompletableFuture<>();
        new Thread(() -> exitCode.complete(BytelmCommand.run(command, said, said)), "the submission").start();
        return exitCode;
    }

    /** After that the source shows how far it is behind, too. */
    private static void readAScore(CompletableFuture<Integer> job) {
        try (TopicWriter writer = new TopicWriter(BROKER.bootstrap(), IN);
                TopicReader reader = new TopicReader(BROKER.bootstrap(), OUT)) {
            writer.send("s".getBytes(UTF_8), null, "Dear ".getBytes(UTF_8));
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (reader.poll(POLL).isEmpty()) {
                assertThat(job).as("the job").isNotDone();
                assertThat(System.nanoTime()).as("a score within %s", PATIENCE).isLessThan(deadline);
            }
        }
    }

    private static String scrape() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + PORT + "/metrics"))
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
