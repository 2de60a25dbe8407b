package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong with a command ends it with one line; what is wrong with a document is a reject, and the run goes on. */
class LikelihoodBadInputIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    static Stream<Arguments> wrongCommands() {
        return Stream.of(
                wrong("--in nowhere.txt stands for no file", "--in", "nowhere.txt"),
                wrong("--in nowhere/*.gz stands for no file", "--in", "nowhere/*.gz"),
                wrong("Could not find a file system implementation for scheme 's9'", "--in", "s9://bucket/a.txt"),
                wrong("--in-flight and --in-flight-mb must be at least 1", "--in", "IN", "--in-flight", "0"),
                wrong("--parallelism must be at least 1, got 0", "--in", "IN", "--parallelism", "0"),
                wrong("--checkpoint-interval-ms must be at least 10", "--in", "IN", "--checkpoint-interval-ms", "1"),
                wrong("Invalid value for option '--by'", "--in", "IN", "--by", "page"),
                wrong("Invalid value for option '--out-format'", "--in", "IN", "--out-format", "xml"),
                wrong("for which CSV has no place", "--in", "IN", "--out-format", "csv", "--byte-logprobs"),
                wrong("got 'paragraphs'", "--in", "IN", "--spans", "paragraphs"),
                wrong("matches the empty text", "--in", "IN", "--spans", "regex:a*"),
                wrong("(at position 2)", "--in", "IN", "--spans", "regex:(a"),
                wrong("--span-space means nothing without --spans", "--in", "IN", "--span-space", "before"),
                wrong("means nothing with --spans lines", "--in", "IN", "--spans", "lines", "--span-space", "after"),
                wrong("a window of 8 and a stride of 9", "--in", "IN", "--window-bytes", "8", "--stride-bytes", "9"),
                wrong("K must be at least 1, got 0", "--in", "IN", "--k", "0"),
                wrong("there is no such model directory", "--in", "IN", "--model", "nowhere"),
                wrong("there is no such model directory", "--in", "IN", "--compare", "nowhere"),
                wrong("no Kafka broker answers at localhost:9", "--bootstrap", "localhost:9", "--topic", "documents"),
                wrong("cannot be written", "--in", "IN", "--out", "IN"));
    }

    private static Arguments wrong(String said, String... options) {
        return Arguments.of(said, Arrays.asList(options));
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("wrongCommands")
    void aWrongCommandIsOneLineThatSaysWhatHelps(String said, List<String> options) throws IOException {
        Path in = Files.writeString(directory.resolve("a.txt"), "a few words");
        List<String> args = new ArrayList<>(List.of("likelihood"));
        options.forEach(option -> args.add(option.equals("IN") ? in.toString() : option));
        if (!options.contains("--out")) {
            args.addAll(List.of("--out", directory.resolve("out").toString()));
        }

        CommandRun run = CommandRun.of(args);

        assertThat(run.exitCode()).isNotZero();
        assertThat(run.err()).startsWith("bytelm: ").contains(said).hasLineCount(1);
        assertThat(run.err()).doesNotContain("Exception", "\tat ");
        assertThat(directory.resolve("out/scores.jsonl")).doesNotExist();
    }

    @Test
    void eachBadDocumentIsARejectWithAReason() throws IOException {
        Path in = Files.createDirectories(directory.resolve("in"));
        List<String> documents = CorpusFiles.documents(3000, 4);
        byte[] gzip = Files.readAllBytes(CorpusFiles.writeEach(directory.resolve("each"), documents.subList(0, 2))
                .resolve("document-1.txt.gz"));
        Map<String, Path> all = CorpusFiles.writeAll(directory.resolve("all"), documents.subList(0, 5));
        Files.write(in.resolve("binary.bin"), new byte[] {0, 1, 2, (byte) 0xFE, (byte) 0xFF});
        Files.createFile(in.resolve("empty.txt"));
        Files.write(in.resolve("invalid-utf8.txt"), new byte[] {'o', 'k', (byte) 0xC3});
        Files.writeString(in.resolve("one-line.txt"), "x".repeat(3 << 20));
        Files.copy(all.get("parquet"), in.resolve("other-column.parquet"));
        Files.writeString(
                in.resolve("surrogate.jsonl"), "{\"body\":\"half \\ud800\"}\n[1]\n{\"body\":7}\n{\"body\":\"a\"}\n");
        Files.write(in.resolve("truncated.txt.gz"), Arrays.copyOf(gzip, gzip.length - 9));
        Files.write(in.resolve("whole.txt.gz"), gzip);
        Path out = directory.resolve("out");

        CommandRun run = CommandRun.of(
                "likelihood",
                "--in",
                in.toString(),
                "--out",
                out.toString(),
                "--by",
                "file",
                "--text-field",
                "body",
                "--max-document-bytes",
                "1000000");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(values(out, "scores.jsonl", "bytes"))
                .isEqualTo(Map.of(
                        "binary.bin", "5",
                        "empty.txt", "0",
                        "invalid-utf8.txt", "3",
                        "surrogate.jsonl:4", "1",
                        "whole.txt.gz", "" + documents.get(1).getBytes(StandardCharsets.UTF_8).length));
        assertThat(values(out, "rejects.jsonl", "reason"))
                .isEqualTo(Map.of(
                        "one-line.txt", "too_long",
                        "other-column.parquet", "missing_text",
                        "surrogate.jsonl:1", "invalid_text",
                        "surrogate.jsonl:2", "malformed_json",
                        "surrogate.jsonl:3", "missing_text",
                        "truncated.txt.gz", "unreadable"));
        assertThat(values(out, "rejects.jsonl", "message").get("other-column.parquet"))
                .contains("no column 'body'", "id BINARY (STRING), text BINARY (STRING)", "--text-field");
        assertThat(run.out()).contains("without a score: ");
    }

    /** By the name of the file and what follows it. */
    private static Map<String, String> values(Path out, String file, String field) throws IOException {
        Map<String, String> values = new TreeMap<>();
        for (String line : Files.readAllLines(out.resolve(file))) {
            JsonNode row = JSON.readTree(line);
            String id = row.path("id").asText();
            values.put(id.substring(id.lastIndexOf('/') + 1), row.path(field).asText());
        }
        return values;
    }
}
