package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.dist.LogSpace;
import io.bytelm.dist.NextByteDistribution;
import io.bytelm.job.EngineSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.likelihood.ByteModel;
import io.bytelm.lm.djl.Precision;
import io.bytelm.service.ServiceSettings;
import io.bytelm.service.TrieLmService;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Documents split into spans, in this process. */
class LikelihoodSpansIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double NATS = 1e-3;
    private static final String TEXT =
            "It was a \"dark\", stormy night. Rain fell\nin 1887 torrents!  \u00c9t\u00e9\u00a0too";
    private static final byte[] HOSTILE = {' ', (byte) 0xFF, ' ', 'a', '\n', '\n', (byte) 0xE2, (byte) 0x80};

    @TempDir
    private Path directory;

    private Path input() throws IOException {
        Path in = Files.createDirectories(directory.resolve("in"));
        Files.writeString(in.resolve("a.txt"), TEXT);
        Files.write(in.resolve("b.txt"), HOSTILE);
        Files.writeString(in.resolve("c.txt"), "");
        return in;
    }

    private Path run(String out, String... options) throws IOException {
        Path results = directory.resolve(out);
        List<String> args = new ArrayList<>(List.of("likelihood", "--parallelism", "2", "--prune", "0.01"));
        if (Arrays.asList(options).contains("canonical")) {
            args = new ArrayList<>(List.of("likelihood", "--parallelism", "2"));
        }
        args.addAll(List.of("--in", input().toString(), "--out", results.toString()));
        args.addAll(List.of(options));
        CommandRun run = CommandRun.of(args);
        assertThat(run.exitCode()).as(run.err()).isZero();
        return results;
    }

    private static List<JsonNode> rows(Path file) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            rows.add(JSON.readTree(line));
        }
        return rows;
    }

    private static byte[] bytes(JsonNode span) {
        return span.path("text").isNull()
                ? HexFormat.of().parseHex(span.path("text_hex").asText())
                : span.path("text").asText().getBytes(UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "words,after,all,0",
        "words,before,all,30",
        "lines,,all,0",
        "sentences,before,canonical,0",
        "'regex:[0-9]+|\\p{L}+',,all,0",
        "words,before,canonical,0"
    })
    void spansAreTheirDocumentAndAddUpToItsLogLikelihood(String rule, String space, String which, int windowBytes)
            throws IOException {
        List<String> options = new ArrayList<>(List.of("--spans", rule, "--tokenizations", which));
        if (space != null) {
            options.addAll(List.of("--span-space", space));
        }
        if (windowBytes > 0) {
            options.addAll(List.of("--window-bytes", String.valueOf(windowBytes)));
        }
        Path out = run("out", options.toArray(String[]::new));
        List<JsonNode> documents = rows(out.resolve("scores.jsonl"));
        List<JsonNode> spans = rows(out.resolve("spans.jsonl"));
        int at = 0;
        for (JsonNode document : documents) {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            double sum = 0;
            for (int index = 0; at < spans.size() && spans.get(at).path("id").equals(document.path("id")); index++) {
                JsonNode span = spans.get(at++);
                assertThat(span.path("span").intValue()).isEqualTo(index);
                assertThat(span.path("from").intValue()).isEqualTo(text.size());
                text.writeBytes(bytes(span));
                assertThat(span.path("to").intValue()).isEqualTo(text.size());
                sum += span.path("log_likelihood").doubleValue();
                assertThat(span.path("bits").doubleValue())
                        .isCloseTo(-span.path("log_likelihood").doubleValue() / Math.log(2), within(1e-9));
            }
            assertThat(sum).isCloseTo(document.path("log_likelihood").doubleValue(), within(1e-4));
            assertThat(text.toByteArray())
                    .isEqualTo(original(document.path("id").asText()));
        }
        assertThat(at).isEqualTo(spans.size());
        assertThat(documents).hasSize(3);
    }

    private static byte[] original(String id) {
        return id.endsWith("a.txt") ? TEXT.getBytes(UTF_8) : id.endsWith("b.txt") ? HOSTILE : new byte[0];
    }

    @Test
    void aWordsProbabilityHasThatItEnds() throws IOException {
        Path out = run("out", "--spans", "words", "--span-space", "before");
        byte[] text = TEXT.getBytes(UTF_8);
        int words = 0;
        EngineSettings engine = new EngineSettings("cpu", 0, 0, 0, 512L << 20, Precision.FLOAT32);
        try (TrieLmService service = new ModelSettings(null, engine, ServiceSettings.defaults()).open()) {
            for (JsonNode span : rows(out.resolve("spans.jsonl"))) {
                if (!span.path("id").asText().endsWith("a.txt")) {
                    continue;
                }
                int from = span.path("from").intValue();
                String word = span.path("text").asText().replaceAll("[\\s\\u00a0]+$", "");
                if (span.path("text").asText().endsWith("\u00a0")) {
                    assertThat(span.path("word_log_likelihood").isNull()).isTrue();
                    continue;
                }
                Beam before = read(service, Arrays.copyOf(text, from));
                Beam after = read(service, Arrays.copyOf(text, from + word.getBytes(UTF_8).length));
                NextByteDistribution next = after.nextByte().run(new ServiceAnswers(service));
                double[] ends = {
                    next.logProb(' '),
                    next.logProb('\t'),
                    next.logProb('\n'),
                    next.logProb(0x0B),
                    next.logProb('\f'),
                    next.logProb('\r'),
                    next.logProb(257)
                };
                double expected = after.logZ() - before.logZ() + LogSpace.logSumExp(ends);
                assertThat(span.path("word_log_likelihood").doubleValue())
                        .as(word)
                        .isCloseTo(expected, within(NATS));
                words++;
            }
        }
        assertThat(words).isEqualTo(12);
    }

    private static Beam read(TrieLmService service, byte[] bytes) {
        return Beam.initial(service.vocabulary(), BeamParams.of(5, 0.01))
                .then(start -> start.read(bytes))
                .run(new ServiceAnswers(service));
    }

    @Test
    void theLastWordOfSeveralModelsHasThatTheTextEnds() throws IOException {
        String model = ByteModel.write(directory.resolve("byte-model")).toString();
        String[] asked = {"--spans", "words", "--span-space", "before", "--model", model};
        List<JsonNode> one = rows(run("one", asked).resolve("spans.jsonl"));
        String[] together = Arrays.copyOf(asked, asked.length + 4);
        System.arraycopy(new String[] {"--model", model, "--combine", "mixture"}, 0, together, asked.length, 4);
        List<JsonNode> both = rows(run("both", together).resolve("spans.jsonl"));

        assertThat(both).hasSameSizeAs(one);
        for (int i = 0; i < one.size(); i++) {
            JsonNode word = one.get(i).path("word_log_likelihood");
            assertThat(both.get(i).path("word_log_likelihood").isNull()).isEqualTo(word.isNull());
            assertThat(both.get(i).path("word_log_likelihood").doubleValue())
                    .as(one.get(i).path("text").asText())
                    .isCloseTo(word.doubleValue(), within(NATS));
        }
        assertThat(one).anyMatch(span -> span.path("text").asText().equals("too"));
    }

    @Test
    void csvAndParquetHaveWhatJsonLinesHave() throws IOException {
        String other = ByteModel.write(directory.resolve("byte-model")).toString();
        String[] asked = {"--spans", "words", "--span-space", "before", "--compare", other, "--out-format"};
        List<JsonNode> rows = rows(run("j", with(asked, "jsonl")).resolve("spans.jsonl"));
        List<String> lines =
                csvLines(Files.readString(run("c", with(asked, "csv")).resolve("spans.csv")));
        assertThat(lines.get(0))
                .isEqualTo(
                        "id,span,from,to,text,text_hex,bytes,log_likelihood,bits,word_log_likelihood,"
                                + "compared_log_likelihood,compared_bits,compared_word_log_likelihood,log_likelihood_difference");
        assertThat(lines).hasSize(rows.size() + 1);
        assertThat(lines.get(4)).contains("\"\"\"dark\"\", \"");
        try (ParquetFileReader reader = ParquetFileReader.open(
                new LocalInputFile(run("p", with(asked, "parquet")).resolve("spans.parquet")),
                ParquetReadOptions.builder(new PlainParquetConfiguration()).build())) {
            var schema = reader.getFileMetaData().getSchema();
            PageReadStore pages = Objects.requireNonNull(reader.readNextRowGroup());
            RecordReader<Group> groups =
                    new ColumnIOFactory().getColumnIO(schema).getRecordReader(pages, new GroupRecordConverter(schema));
            for (int i = 0; i < rows.size(); i++) {
                JsonNode row = rows.get(i);
                Group group = groups.read();
                assertThat(group.getLong("to", 0)).isEqualTo(row.path("to").longValue());
                assertThat(group.getDouble("log_likelihood", 0))
                        .isCloseTo(row.path("log_likelihood").doubleValue(), within(NATS));
                assertThat(group.getGroup("compared", 0).getDouble("bits", 0))
                        .isCloseTo(row.at("/compared/bits").doubleValue(), within(NATS));
                assertThat(group.getFieldRepetitionCount("text"))
                        .isEqualTo(row.path("text").isNull() ? 0 : 1);
                assertThat(lines.get(i + 1)).contains("," + row.path("from") + "," + row.path("to") + ",");
                assertThat(row.path("log_likelihood_difference").doubleValue())
                        .isCloseTo(
                                row.path("log_likelihood").doubleValue()
                                        - row.at("/compared/log_likelihood").doubleValue(),
                                within(1e-9));
            }
        }
    }

    private static String[] with(String[] options, String format) {
        String[] all = Arrays.copyOf(options, options.length + 1);
        all[options.length] = format;
        return all;
    }

    /** Records; a line break within quotes ends none. */
    private static List<String> csvLines(String csv) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String part : csv.split("\r\n")) {
            line.append(line.isEmpty() ? "" : "\r\n").append(part);
            if (line.chars().filter(c -> c == '"').count() % 2 == 0) {
                lines.add(line.toString());
                line.setLength(0);
            }
        }
        return lines;
    }
}
