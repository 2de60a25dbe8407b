package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConstraintsCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aSuiteRunCountsWhatWasCompiledAndWhatWasWrong() throws IOException {
        Path suite = folder.resolve("suite.jsonl");
        Files.writeString(suite, """
                {"name":"a","schema":{"type":"integer"},"tests":[{"data":1,"valid":true},{"data":"x","valid":false}]}

                {"name":"wrong","schema":{"type":"null"},"tests":[{"data":null,"valid":false},{"data":0,"valid":true}]}
                {"name":"refused","schema":{"$ref":"http://example.com/x"},"tests":[{"data":null,"valid":true}]}
                """);
        CommandRun run = CommandRun.of("constraints", "--suite", suite.toString(), "--findings");
        assertThat(run.exitCode()).isZero();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("schemas").intValue()).isEqualTo(3);
        assertThat(report.path("compiled").intValue()).isEqualTo(2);
        assertThat(report.path("refused").toString()).isEqualTo("{\"unsupported $ref\":1}");
        assertThat(report.path("instances").intValue()).isEqualTo(4);
        assertThat(report.path("false_accepts").intValue()).isEqualTo(1);
        assertThat(report.path("false_rejects").intValue()).isEqualTo(1);
        assertThat(report.path("ns_per_byte").doubleValue()).isPositive();
        assertThat(report.path("mask_ns_mean").isNumber()).isTrue();
        assertThat(report.path("mask_ns_p999").doubleValue())
                .isGreaterThanOrEqualTo(report.path("mask_ns_p50").doubleValue());
        assertThat(run.err()).contains("false accept wrong", "false reject wrong", "refused refused: #/$ref");
    }

    @Test
    void instancesAreWalkedAsTheyAreSpelled() throws IOException {
        Path suite = folder.resolve("drafts.jsonl");
        Files.writeString(suite, """
                {"schema":{"$schema":"http://json-schema.org/draft-04/schema#","type":"integer"},\
                "tests":[{"data":1.0,"valid":false},{"data":1,"valid":true}]}
                {"schema":{"type":"integer"},"tests":[{"data":1.0,"valid":true},{"data":1.5,"valid":false}]}
                {"schema":{"enum":[1.0,[2.0]]},"tests":[{"data":1,"valid":true},{"data":[2],"valid":true}]}
                """);
        CommandRun run = CommandRun.of("constraints", "--suite", suite.toString(), "--findings");
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"compiled\":3", "\"false_accepts\":0", "\"false_rejects\":0");
    }

    @Test
    void aLineThatIsNoTestNamesTheFileAndTheLine() throws IOException {
        Path suite = folder.resolve("bad.jsonl");
        Files.writeString(suite, "{\"schema\":true,\"tests\":[]}\n{\"schema\":true}\n");
        CommandRun run = CommandRun.of("constraints", "--suite", suite.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("bad.jsonl").contains("line 2");
    }

    @Test
    void theShippedConstraintIsCompiledAndAllItsOutputsAreComplete() throws IOException {
        CommandRun run = CommandRun.of("constraints", "--constraint", "../configs/constraint-tools.json");
        assertThat(run.err()).isEmpty();
        JsonNode report = new ObjectMapper().readTree(run.out());
        assertThat(report.path("fewest_bytes").intValue()).isZero();
        assertThat(report.path("walks").intValue()).isPositive();
        assertThat(report.path("complete")).isEqualTo(report.path("walks"));
        assertThat(report.path("bytes").intValue()).isGreaterThan(10_000);
        assertThat(report.path("mask_ns_mean").doubleValue()).isPositive();
    }

    @Test
    void oneOfTheTwoFilesIsGiven() {
        assertThat(CommandRun.of("constraints").err()).contains("give --suite or --constraint, one of them");
    }

    @Test
    void aConstraintThatIsRefusedNamesTheFileAndThePlaceInIt() throws IOException {
        Path file = folder.resolve("bad.json");
        Files.writeString(file, "{\"kind\":\"sequence\",\"items\":[\"a\",{\"kind\":\"repeat\",\"item\":7}]}");
        CommandRun run = CommandRun.of("constraints", "--constraint", file.toString());
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("bad.json: /items/1/item: it is 7; allowed is an object with a \"kind\"");
    }

    @Test
    void aConstraintFileGoesWithNoOtherOptionOfItsKind() {
        CommandRun two = CommandRun.of("decode", "--json", "--constraint", "../configs/constraint-tools.json");
        assertThat(two.err()).contains("give one of --choices, --regex, --json,", "--constraint, not 2");
        CommandRun spaced = CommandRun.of("decode", "--whitespace", "--constraint", "../configs/constraint-tools.json");
        assertThat(spaced.err()).contains("write \"whitespace\": true in the file");
    }

    @Test
    void whatIsSaidOfWhiteSpaceIsRefusedInALineWhereItMeansNothing() {
        assertThat(CommandRun.of("decode", "--json", "--whitespace-max", "1001").err())
                .isEqualTo("bytelm: --whitespace-max is from 0 to 1000, not 1001\n");
        assertThat(CommandRun.of("decode", "--json", "--whitespace-max", "-1").err())
                .isEqualTo("bytelm: --whitespace-max is from 0 to 1000, not -1\n");
        assertThat(CommandRun.of("decode", "--json", "--whitespace-pattern", "").err())
                .isEqualTo("bytelm: --whitespace-pattern is empty: leave it out for any white space\n");
        assertThat(CommandRun.of("decode", "--whitespace-max", "2").err()).contains("--whitespace is for JSON: give");
    }

    @Test
    void whatALenientSchemaLeavesOutIsTold() throws IOException {
        Path file = folder.resolve("lenient.json");
        String schema = "{\"type\":\"array\",\"items\":{\"type\":[\"string\",\"array\"]},\"uniqueItems\":true}";
        Files.writeString(file, "{\"kind\":\"json-schema\",\"source\":" + schema + ",\"lenient\":true}");
        CommandRun run = CommandRun.of("constraints", "--constraint", file.toString());
        assertThat(run.exitCode()).isZero();
        JsonNode ignored = new ObjectMapper().readTree(run.out()).path("ignored");
        assertThat(ignored.size()).isEqualTo(1);
        assertThat(ignored.path(0).textValue()).startsWith("#/uniqueItems: ");
    }

    @Test
    void optionsOfAConstraintAreRefusedWithoutIt() throws IOException {
        assertThat(CommandRun.of("decode", "--search").err()).contains("--search is for --regex");
        assertThat(CommandRun.of("decode", "--lenient", "--constraint", "../configs/constraint-tools.json")
                        .err())
                .contains("they are fields of the constraint");
        assertThat(CommandRun.of("decode", "--lenient", "--regex", "a").err())
                .isEqualTo("bytelm: --regex: a constraint of kind regex has no option lenient\n");
        Path grammar = folder.resolve("bad.lark");
        Files.writeString(grammar, "start: x\n");
        assertThat(CommandRun.of("decode", "--lark", grammar.toString()).err())
                .contains("bad.lark: the grammar, line 1, column 8: there is no rule x");
        assertThat(CommandRun.of("decode", "--constraint-file", grammar.toString())
                        .err())
                .contains("there is no rule x");
    }

    @Test
    void noOutputsAreDrawnThatAreTooLong() throws IOException {
        Path file = folder.resolve("long.json");
        Files.writeString(
                file,
                "{\"kind\":\"json-schema\",\"source\":{\"type\":\"array\",\"minItems\":500,"
                        + "\"items\":{\"type\":\"string\",\"minLength\":5000}}}");
        CommandRun run = CommandRun.of("constraints", "--constraint", file.toString());
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"fewest_bytes\":2501501", "\"walks\":0", "\"bytes\":0");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void aTextThatAConstraintCannotFollowIsToldInOneLine() {
        StringWriter err = new StringWriter();
        ErrorLine.print(
                new PrintWriter(err, true),
                new IllegalStateException(new ConstraintException(Reason.TOO_LARGE, "the constraint is too ambiguous")),
                false);
        assertThat(err.toString()).isEqualTo("bytelm: the constraint is too ambiguous\n");
    }
}
