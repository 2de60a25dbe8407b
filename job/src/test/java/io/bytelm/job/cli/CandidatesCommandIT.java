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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Candidates with the bundled model. */
class CandidatesCommandIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String PREFIX = "It was a dark and stormy";

    @TempDir
    Path directory;

    private static CommandRun succeeding(String... args) {
        CommandRun run = CommandRun.of(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run;
    }

    private static JsonNode json(String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of("candidates", "--json"));
        all.addAll(List.of(args));
        return JSON.readTree(succeeding(all.toArray(String[]::new)).out());
    }

    @Test
    void theTableNamesTheMostProbable() {
        String out = succeeding("candidates", "--prefix", PREFIX, "--candidate", " night", "--candidate", " gxq")
                .out();

        assertThat(out).contains("After It␣was␣a␣dark␣and␣stormy", "rank", "bits a byte");
        assertThat(out).containsPattern("1 +(99\\.\\d\\d|100\\.00) % .* -\\d\\.\\d{3} .*␣night");
        assertThat(out).containsPattern("2 +(0\\.\\d\\d|<0\\.01) % .*␣gxq");
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "canonical"})
    void eachWeighsWhatOneByItselfDoes(String tokenizations) throws IOException {
        JsonNode both = json(
                "--prefix",
                PREFIX,
                "--candidate",
                " night",
                "--candidate",
                " nightmare",
                "--candidate-hex",
                "ff",
                "--tokenizations",
                tokenizations);
        JsonNode one = json("--prefix", PREFIX, "--candidate", " nightmare", "--tokenizations", tokenizations);

        assertThat(both.get("candidates")).hasSize(3);
        assertThat(both.at("/candidates/1/log_likelihood").doubleValue())
                .isCloseTo(one.at("/candidates/0/log_likelihood").doubleValue(), within(1e-4));
        assertThat(both.get("best").intValue()).isZero();
        assertThat(both.at("/candidates/2/text_hex").textValue()).isEqualTo("ff");
        assertThat(both.at("/candidates/0/probability").doubleValue()
                        + both.at("/candidates/1/probability").doubleValue()
                        + both.at("/candidates/2/probability").doubleValue())
                .isCloseTo(1, within(1e-9));
    }

    @Test
    void theEndBelongsToEachIfItIsAskedFor() throws IOException {
        JsonNode with = json("--prefix", PREFIX, "--candidate", " night", "--end", "--eos", "2e");
        JsonNode without = json("--prefix", PREFIX, "--candidate", " night", "--eos", "2e");

        assertThat(with.at("/candidates/0/log_likelihood").doubleValue())
                .isCloseTo(
                        without.at("/candidates/0/log_likelihood").doubleValue()
                                + with.at("/candidates/0/eos_logprob").doubleValue(),
                        within(1e-4));
        assertThat(without.at("/candidates/0").has("eos_logprob")).isFalse();
    }

    @Test
    void aFileOfQuestionsHasARowForEachLineAndTheShareOfTheRightOnes() throws IOException {
        Path in = directory.resolve("questions.jsonl");
        Path out = directory.resolve("answers.jsonl");
        Files.writeString(in, """
                {"id": "a", "prompt": "It was a dark and stormy", "candidates": [" gxq", " night"], "gold": 1}
                {"prompt": "It was a dark and stormy", "candidates": [" gxq", " night"], "gold": 0, "more": [1]}

                {"id": 7, "prompt": "He said", "candidates": []}
                no JSON
                {"prompt": {"hex": "4865"}, "candidates": [" was", {"hex": "ff"}]}
                {"prompt": "He", "candidates": ["a"], "gold": 1}
                """);
        JsonNode summary = json("--in", in.toString(), "--out", out.toString());

        assertThat(summary.get("questions").intValue()).isEqualTo(3);
        assertThat(summary.get("rejected").intValue()).isEqualTo(3);
        assertThat(summary.get("candidates").intValue()).isEqualTo(6);
        assertThat(summary.get("with_gold").intValue()).isEqualTo(2);
        assertThat(summary.get("accuracy").doubleValue()).isEqualTo(0.5);
        assertThat(summary.get("accuracy_per_byte").doubleValue()).isEqualTo(0.5);
        assertThat(summary.get("mean_gold_logprob").doubleValue()).isNegative();
        List<String> rows = Files.readAllLines(out);
        assertThat(rows).hasSize(6);
        JsonNode first = JSON.readTree(rows.get(0));
        assertThat(first.get("line").intValue()).isEqualTo(1);
        assertThat(first.get("id").textValue()).isEqualTo("a");
        assertThat(first.get("best").intValue()).isEqualTo(1);
        assertThat(first.get("correct").booleanValue()).isTrue();
        assertThat(JSON.readTree(rows.get(1)).get("correct").booleanValue()).isFalse();
        assertThat(rows.get(2))
                .isEqualTo("{\"line\":4,\"error\":\"the list of candidates is empty; at least one is needed\"}");
        assertThat(rows.get(3)).startsWith("{\"line\":5,\"error\":\"the value is not a JSON object: ");
        assertThat(rows.get(4)).contains("\"line\":6,\"best\":0");
        assertThat(rows.get(5))
                .contains("field \\\"gold\\\" is 1; allowed is a whole number from 0 to 0, a place in the list");
        String table = succeeding("candidates", "--in", in.toString()).out();
        assertThat(table).contains("50.00 % of 2", "3 lines have no answer");
    }

    @Test
    void fieldsMayHaveOtherNames() throws IOException {
        Path in = directory.resolve("questions.jsonl");
        Files.writeString(in, "{\"ctx\": \"He \", \"endings\": [\"was\", \"xqz\"], \"label\": 0}\n");

        JsonNode summary = json(
                "--in",
                in.toString(),
                "--prompt-field",
                "ctx",
                "--candidates-field",
                "endings",
                "--gold-field",
                "label");

        assertThat(summary.get("accuracy").doubleValue()).isEqualTo(1);
    }

    @Test
    void questionsAreNotWrittenOver() throws IOException {
        Path in = directory.resolve("questions.jsonl");
        String questions = "{\"prompt\": \"He\", \"candidates\": [\" was\"]}\n";
        Files.writeString(in, questions);
        refused("--out is the file that --in reads", "--in", in.toString(), "--out", directory + "/./questions.jsonl");
        assertThat(in).hasContent(questions);
    }

    @Test
    void whatMeansNothingTogetherIsRefusedByName() {
        refused("--gold-field means nothing without --in", "--candidate", "a", "--gold-field", "g");
        refused("--candidate means nothing with --in", "--in", "x", "--candidate", "a");
        refused("give candidates, each by --candidate TEXT");
        refused("candidate 0 (counted from 0) is empty", "--candidate", "");
        refused("--in: '/nowhere' is no file that can be read", "--in", "/nowhere");
        refused(
                "--k means nothing with --tokenizations canonical",
                "--candidate",
                "a",
                "--tokenizations",
                "canonical",
                "--k",
                "3");
        refused("--candidate-hex: 'f' is not hex", "--candidate-hex", "f");
    }

    private static void refused(String said, String... args) {
        List<String> all = new ArrayList<>(List.of("candidates"));
        all.addAll(List.of(args));
        CommandRun run = CommandRun.of(all);
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains(said).hasLineCount(1);
    }
}
