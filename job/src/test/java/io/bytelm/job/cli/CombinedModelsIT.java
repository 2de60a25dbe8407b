package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A model with itself: all that is known of the outcome without another implementation. */
class CombinedModelsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TWICE = List.of("--model", "tiny-en", "--model", "tiny-en");

    @TempDir
    private Path directory;

    private static CommandRun combined(List<String> command, String... how) {
        List<String> arguments = new ArrayList<>(command);
        arguments.addAll(TWICE);
        arguments.addAll(List.of(how));
        return CommandRun.of(arguments);
    }

    private static JsonNode json(CommandRun run) throws IOException {
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    @Test
    void aModelWithItselfExpectsWhatItExpectsAlone() throws IOException {
        List<String> next = List.of("next", "--prefix", "It was a dark and st", "--full");
        JsonNode alone = json(CommandRun.of(next));
        JsonNode mixed = json(combined(next, "--combine", "mixture"));
        JsonNode mean = json(combined(next, "--combine", "product", "--weight", "0.5,0.5"));
        JsonNode contrasted = json(combined(next, "--combine", "contrast", "--alpha", "3"));
        JsonNode squared = json(combined(next, "--combine", "product"));

        double total = 0;
        for (JsonNode logProb : alone.get("log_probs")) {
            total += logProb.isNull() ? 0 : Math.exp(2 * logProb.doubleValue());
        }
        for (int symbol = 0; symbol < 258; symbol++) {
            JsonNode expected = alone.get("log_probs").get(symbol);
            for (JsonNode other : List.of(mixed, mean, contrasted)) {
                assertLog(other.get("log_probs").get(symbol), expected, 0, 1);
            }
            assertLog(squared.get("log_probs").get(symbol), expected, -Math.log(total), 2);
            assertLog(squared.at("/models/1/log_probs").get(symbol), expected, 0, 1);
        }
        assertThat(mixed.get("log_z").doubleValue())
                .isCloseTo(alone.get("log_z").doubleValue(), within(1e-4));
        assertThat(mixed.at("/models/0/model").asText()).isEqualTo("tiny-en");
    }

    private static void assertLog(JsonNode actual, JsonNode expected, double plus, double times) {
        assertThat(actual.isNull()).isEqualTo(expected.isNull());
        if (!expected.isNull()) {
            assertThat(actual.doubleValue()).isCloseTo(times * expected.doubleValue() + plus, within(1e-4));
        }
    }

    @Test
    void explainShowsWhoSaidWhat() {
        CommandRun run = combined(List.of("explain", "the cat"), "--combine", "mixture", "--weight", "0.25,0.75");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("model 1 tiny-en")
                .contains("combined: mixture 0.25, 0.75")
                .containsPattern("byte +bits +expected +model 1 +expects +model 2 +expects")
                .contains("7 bytes, log P = -")
                .contains("model 2 alone: ");
        assertThat(run.out().lines().filter(line -> line.matches("  (t|h|e|␣|c|a) .*")))
                .hasSize(7);
    }

    @Test
    void likelihoodSumsTheCombinedBytesOfEachDocument() throws IOException {
        Path in = directory.resolve("lines.txt");
        Files.writeString(in, "It was the best of times\nit was the worst of times\n");
        List<JsonNode> alone = rows(in, "alone", List.of());
        List<JsonNode> mixed = rows(in, "mixed", List.of("--combine", "mixture"));
        List<JsonNode> windows = rows(in, "product", List.of("--combine", "product", "--window-bytes", "16"));

        assertThat(mixed).hasSize(2);
        for (int i = 0; i < 2; i++) {
            double logLikelihood = alone.get(i).get("log_likelihood").doubleValue();
            assertThat(mixed.get(i).get("log_likelihood").doubleValue()).isCloseTo(logLikelihood, within(1e-3));
            double sum = 0;
            for (JsonNode byteLogProb : windows.get(i).get("byte_logprobs")) {
                sum += byteLogProb.doubleValue();
            }
            assertThat(windows.get(i).get("log_likelihood").doubleValue()).isCloseTo(sum, within(1e-4));
            assertThat(sum).isGreaterThan(2 * logLikelihood);
        }
    }

    @Test
    void likelihoodOverCanonicalTokenizationsIsThatOfAModelWithItselfToo() throws IOException {
        Path in = directory.resolve("lines.txt");
        Files.writeString(in, "It was the best of times\nit was the worst of times\n");
        List<String> canonical = List.of("--tokenizations", "canonical");
        List<JsonNode> alone = rows(in, "alone", canonical);
        for (List<String> how :
                List.of(List.of("--combine", "mixture"), List.of("--combine", "product", "--weight", "0.5,0.5"))) {
            List<String> arguments = new ArrayList<>(canonical);
            arguments.addAll(how);
            arguments.addAll(List.of("--compare", "tiny-en"));
            List<JsonNode> combined = rows(in, how.get(1), arguments);
            assertThat(combined).hasSize(2);
            for (int i = 0; i < 2; i++) {
                double expected = alone.get(i).get("log_likelihood").doubleValue();
                assertThat(combined.get(i).get("log_likelihood").doubleValue()).isCloseTo(expected, within(1e-3));
                assertThat(combined.get(i).get("log_likelihood_upper").doubleValue())
                        .isEqualTo(combined.get(i).get("log_likelihood").doubleValue());
                assertThat(combined.get(i).at("/compared/log_likelihood").doubleValue())
                        .isCloseTo(expected, within(1e-3));
            }
        }
    }

    private List<JsonNode> rows(Path in, String name, List<String> how) throws IOException {
        Path out = directory.resolve(name);
        List<String> arguments = new ArrayList<>(List.of(
                "likelihood", "--in", in.toString(), "--by", "line", "--out", out.toString(), "--byte-logprobs"));
        arguments.addAll(how.contains("--combine") ? TWICE : List.of());
        arguments.addAll(how);
        CommandRun run = CommandRun.of(arguments);
        assertThat(run.exitCode()).as(run.err()).isZero();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(out.resolve("scores.jsonl"))) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    @Test
    void aModelWithItselfDrawsWhatItDrawsAlone() {
        List<String> decode = List.of(
                "decode", "--prompt", "It was ", "--regex", "[a-z]{4,9} (day|night)", "--seed", "3", "--prune", "0");
        CommandRun alone = CommandRun.of(decode);
        assertThat(alone.exitCode()).as(alone.err()).isZero();
        for (List<String> how : List.of(
                List.of("--combine", "mixture"),
                List.of("--combine", "product", "--weight", "0.5,0.5"),
                List.of("--combine", "contrast"),
                List.of("--combine", "mixture", "--tokenizations", "canonical"))) {
            CommandRun run = combined(without(decode, how), how.toArray(String[]::new));
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(text(run)).as(how.toString()).matches("[a-z]{4,9} (day|night)");
            if (!how.contains("canonical")) {
                assertThat(text(run)).as(how.toString()).isEqualTo(text(alone));
                assertThat(logWeight(run)).as(how.toString()).isCloseTo(logWeight(alone), within(1e-3));
            }
        }
    }

    /** What means nothing where only canonical tokenizations are followed is left out. */
    private static List<String> without(List<String> decode, List<String> how) {
        return how.contains("canonical") ? decode.subList(0, decode.size() - 2) : decode;
    }

    private static String text(CommandRun run) {
        return run.out().lines().findFirst().orElse("");
    }

    private static double logWeight(CommandRun run) {
        Matcher found = Pattern.compile("log weight = (-?[0-9.]+)").matcher(run.out());
        assertThat(found.find()).as(run.out()).isTrue();
        return Double.parseDouble(found.group(1));
    }

    @Test
    void overCanonicalTokenizationsAModelWithItselfExpectsWhatItExpectsAlone() throws IOException {
        List<String> next = List.of("next", "--prefix", "It was a d", "--full", "--tokenizations", "canonical");
        JsonNode alone = json(CommandRun.of(next));
        JsonNode mixed = json(combined(next, "--combine", "mixture"));
        JsonNode mean = json(combined(next, "--combine", "product", "--weight", "0.5,0.5"));
        for (int symbol = 0; symbol < 258; symbol++) {
            for (JsonNode other : List.of(mixed, mean)) {
                assertLog(
                        other.get("log_probs").get(symbol),
                        alone.get("log_probs").get(symbol),
                        0,
                        1);
            }
        }
        CommandRun explained =
                combined(List.of("explain", "the cat", "--tokenizations", "canonical"), "--combine", "product");
        assertThat(explained.exitCode()).as(explained.err()).isZero();
        assertThat(explained.out()).contains("7 bytes, log P = -");
    }

    @ParameterizedTest
    @ValueSource(strings = {"next", "explain a", "decode", "likelihood --byte-logprobs --in README.md --out unwritten"})
    void nothingIsDeferredForSeveralModels(String command) {
        CommandRun run = combined(
                List.of(command.split(" ", -1)),
                "--combine",
                "mixture",
                "--tokenizations",
                "canonical",
                "--defer",
                "0.1");
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("--defer means nothing with --combine");
    }

    @Test
    void aModelThatCannotBeLoadedIsNamedInOneLine() {
        CommandRun run = CommandRun.of(
                "next", "--model", "tiny-en", "--model", "no/such/model", "--combine", "mixture", "--prefix", "a");

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err().lines().filter(line -> line.startsWith("bytelm:"))).hasSize(1);
        assertThat(run.err()).contains("no/such/model");
    }

    @Test
    void commandsOfOneModelSaySo() {
        CommandRun run = combined(List.of("trie", "--prefix", "a"));

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains("--model is given 2 times").contains("--combine");
    }
}
