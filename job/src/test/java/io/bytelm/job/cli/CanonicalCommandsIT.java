package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that read and write one text over canonical tokenizations, on the bundled model. */
class CanonicalCommandsIT {
    private static CommandRun run(String... args) {
        return CommandRun.of(Stream.concat(Arrays.stream(args), Stream.of("--tokenizations", "canonical"))
                .toList());
    }

    private static String out(String... args) {
        CommandRun run = run(args);
        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        return run.out();
    }

    @Test
    void whatComesNextIsNearlyThatOverAllTokenizations() throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode canonical = json.readTree(out("next", "He was a ve", "--full"));
        JsonNode all = json.readTree(CommandRun.of(List.of("next", "He was a ve", "--full", "--k", "40"))
                .out());
        assertThat(canonical.get("log_z").asDouble()).isCloseTo(all.get("log_z").asDouble(), within(0.05));
        assertThat(canonical.get("log_z_upper")).isEqualTo(canonical.get("log_z"));
        assertThat(canonical.get("log_probs").get('r').asDouble())
                .isCloseTo(all.get("log_probs").get('r').asDouble(), within(0.2));
        assertThat(canonical.get("candidates").size()).isBetween(1, 12);
        assertThat(out("next", "He was a ve", "--top", "2")).containsPattern("He\\|␣was\\|␣a\\|␣ve");
    }

    @Test
    void explainShowsTheWaysOfEachByteAndWhatIsDeferred() {
        String out = out("explain", "the cat\n");
        assertThat(out.lines().filter(line -> line.matches("  (t|h|e|␣|c|a|\\\\n) .*")))
                .hasSize(8);
        assertThat(out).contains("8 bytes, log P = -").doesNotContain("at most");
        assertThat(out("explain", "Holmes sat", "--defer", "0.3")).contains("≤ ", "log P is at most -");
    }

    @ParameterizedTest
    @CsvSource({"0", "0.1"})
    void decodeKeepsToItsConstraintAndRepeatsItself(String defer) {
        String[] args = {
            "decode", "--prompt", "The sky was ", "--choices", "blue,grey,black", "--seed", "4", "--defer", defer
        };
        String out = out(args);
        assertThat(out.lines().findFirst().orElseThrow()).isIn("blue", "grey", "black");
        assertThat(out).containsPattern("\\d bytes, complete, log P = -\\d+\\.\\d+, log weight = -\\d+\\.\\d+");
        assertThat(out(args).lines().findFirst()).isEqualTo(out.lines().findFirst());
    }

    @Test
    void theProbabilityOfAConstraintIsNearlyThatOverAllTokenizations() {
        String[] args = {"decode", "--prompt", "The sky was ", "--regex", "(blue|grey|black)\\.", "--particles", "40"};
        double canonical = logConstraint(out(args));
        double all =
                logConstraint(CommandRun.of(Stream.concat(Arrays.stream(args), Stream.of("--k", "40", "--prune", "0"))
                                .toList())
                        .out());
        assertThat(canonical).isCloseTo(all, within(1.5));
    }

    private static double logConstraint(String out) {
        String line = out.lines()
                .filter(l -> l.startsWith("estimated log P(constraint) = "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(line.substring("estimated log P(constraint) = ".length(), line.indexOf(',')));
    }

    @ParameterizedTest
    @CsvSource({"next, --k, 5", "explain, --prune, 0", "decode, --heal-max-splits, 2"})
    void whatMeansNothingIsRefused(String command, String option, String value) {
        CommandRun run = command.equals("decode") ? run(command, option, value) : run(command, "a", option, value);
        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).contains(option + " means nothing with --tokenizations canonical");
    }
}
