package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** {@code bytelm serve} in a process of its own: commands that ask it say what they say with a model of their own. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ServeIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double TOLERANCE_NATS = 1e-4;
    private static final long PATIENCE_SECONDS = 60;
    private static final Pattern ADDRESS =
            Pattern.compile("Serving tiny-en at (127\\.0\\.0\\.1:\\d+), metrics at http");
    private static final Pattern METRICS = Pattern.compile("metrics at (http://127\\.0\\.0\\.1:\\d+/metrics)");

    @TempDir
    static Path directory;

    private static CommandProcess serve;
    private static String address;

    @BeforeAll
    static void start() throws Exception {
        serve = CommandProcess.start(
                List.of("serve", "--listen", "127.0.0.1:0", "--metrics-listen", "127.0.0.1:0", "--threads", "1"),
                directory.resolve("serve.log"));
        address = serve.await(ADDRESS, PATIENCE_SECONDS);
    }

    @AfterAll
    static void stop() throws Exception {
        serve.close();
    }

    @Test
    @Order(1)
    void nextSaysTheSame() throws IOException {
        for (String prefix : List.of("It was a dark and stormy n", "", "The adventure of the spe", "\u00e9\u4e2d")) {
            JsonNode own =
                    JSON.readTree(run("next", "--full", "--prefix", prefix).out());
            JsonNode served = JSON.readTree(run("next", "--full", "--prefix", prefix, "--service", address)
                    .out());
            assertThat(served.get("log_z").asDouble())
                    .isCloseTo(own.get("log_z").asDouble(), within(TOLERANCE_NATS));
            JsonNode ownNext = own.get("log_probs");
            JsonNode servedNext = served.get("log_probs");
            assertThat(servedNext).hasSize(258);
            for (int symbol = 0; symbol < 258; symbol++) {
                assertThat(servedNext.get(symbol).isNull())
                        .isEqualTo(ownNext.get(symbol).isNull());
                assertThat(servedNext.get(symbol).asDouble())
                        .isCloseTo(ownNext.get(symbol).asDouble(), within(TOLERANCE_NATS));
            }
        }
    }

    @Test
    @Order(2)
    void explainAndDecodeSayTheSame() {
        List<String> explain = List.of("explain", "--prefix", "It is a truth universally");
        assertThat(served(explain).out()).isEqualTo(run(explain).out());

        List<String> decode =
                List.of("decode", "--prompt", "It was", "--max-bytes", "40", "--seed", "7", "--regex", "[a-z ,.]*");
        assertThat(withoutSpeed(served(decode))).isEqualTo(withoutSpeed(run(decode)));
    }

    private static String withoutSpeed(CommandRun run) {
        return run.out().replaceAll("[\\d.,]+ bytes/s", "so many bytes/s");
    }

    @Test
    @Order(3)
    void likelihoodWritesTheSameRows() throws IOException {
        requireSameRows("all");
    }

    @Test
    @Order(3)
    void canonicalTokenizationsAreFollowedThroughTheService() throws IOException {
        requireSameRows("canonical");
    }

    private static Path input() throws IOException {
        return Files.writeString(
                directory.resolve("in.txt"),
                "The quick brown fox.\nShe walked into the room, and sat down by the window.\n");
    }

    private static void requireSameRows(String tokenizations) throws IOException {
        List<String> own = new ArrayList<>(List.of("likelihood", "--in", input().toString(), "--by", "line"));
        own.addAll(List.of("--tokenizations", tokenizations, "--parallelism", "1", "--out"));
        List<String> asked = new ArrayList<>(own);
        own.add(directory.resolve("own-" + tokenizations).toString());
        asked.add(directory.resolve("asked-" + tokenizations).toString());
        run(own);
        served(asked);

        List<JsonNode> ownRows = rows("own-" + tokenizations);
        List<JsonNode> askedRows = rows("asked-" + tokenizations);
        assertThat(askedRows).hasSameSizeAs(ownRows).hasSize(2);
        for (int row = 0; row < 2; row++) {
            assertThat(askedRows.get(row).get("log_likelihood").asDouble())
                    .isCloseTo(ownRows.get(row).get("log_likelihood").asDouble(), within(TOLERANCE_NATS));
        }
    }

    private static List<JsonNode> rows(String out) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(directory.resolve(out).resolve("scores.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    @Test
    @Order(4)
    void whatCannotBeIsSaidInOneLine() throws IOException {
        assertLine(
                CommandRun.of("next", "--service", address, "--model", "somewhere", "--prefix", "a"),
                "--model is for bytelm serve where the model is asked by --service");
        assertLine(
                CommandRun.of("next", "--service", address, "--bos", "0", "--prefix", "a"),
                "--bos is for bytelm serve where the model is asked by --service");
        assertLine(
                CommandRun.of("next", "--service", "nowhere", "--prefix", "a"),
                "--service: not an address: 'nowhere'; it is HOST:PORT");
        assertLine(
                CommandRun.of("next", "--service-token", "file", "--prefix", "a"),
                "say how the services of --service are reached, which is missing");
        assertLine(
                CommandRun.of("next", "--service", "127.0.0.1:1", "--prefix", "a"),
                "no trie/LM service is there: 127.0.0.1:1: connection refused: nothing listens there");
        assertLine(
                CommandRun.of("next", "--service", address, "--service-token", "missing", "--prefix", "a"),
                "there is no token file missing");
        assertLine(CommandRun.of("serve", "--model", directory.toString(), "--listen", "127.0.0.1:0"), "config.json");
        assertLine(
                CommandRun.of("serve", "--tls-cert", "server.crt"),
                "a certificate and its private key are given together");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertLine(
                    CommandRun.of("serve", "--listen", "127.0.0.1:" + taken.getLocalPort()),
                    "cannot listen at 127.0.0.1:" + taken.getLocalPort() + ": ");
        }
    }

    private static void assertLine(CommandRun run, String part) {
        assertThat(run.exitCode()).as(run.err()).isNotZero();
        assertThat(run.err().strip()).startsWith("bytelm: ").contains(part).hasLineCount(1);
    }

    @Test
    @Order(5)
    void prometheusFindsWhatItCounts() throws Exception {
        String url = serve.await(METRICS, 1);
        HttpResponse<String> metrics = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(metrics.statusCode()).isEqualTo(200);
        for (String name : List.of(
                "bytelm_service_requests_total",
                "bytelm_service_evaluations_total",
                "bytelm_service_model_seconds_total",
                "bytelm_service_sent_bytes_total")) {
            assertThat(metrics.body()).containsPattern("\n" + name + " (?!0\\.0\n)\\d");
        }
        assertThat(metrics.body())
                .contains("bytelm_service_refused_total{reason=\"exhausted\"} 0", "jvm_memory_used_bytes");
    }

    @Test
    @Order(6)
    void sigtermEndsItInOrder() throws Exception {
        assertThat(serve.terminate(PATIENCE_SECONDS)).isIn(0, 128 + 15);
        assertThat(serve.printed())
                .containsPattern("Ending: \\d+ clients go elsewhere")
                .containsPattern("Ended after \\d+ requests, \\d+ answered")
                .doesNotContain("ERROR", "WARN", "Exception");
    }

    private static CommandRun served(List<String> command) {
        List<String> args = new ArrayList<>(command);
        args.addAll(List.of("--service", address));
        return run(args);
    }

    private static CommandRun run(String... args) {
        return run(List.of(args));
    }

    private static CommandRun run(List<String> args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run;
    }
}
