package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.EmbeddedKafka;
import io.bytelm.job.kafka.TopicRange;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.job.likelihood.document.CorpusFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a Kafka topic as the corpus. */
class LikelihoodTopicIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPIC = "documents";

    @TempDir
    private Path directory;

    @Test
    void eachRecordIsADocumentUntilTheTopicsEnd() throws IOException {
        List<String> documents = CorpusFiles.documents(5, 9);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"))) {
            new BrokerCheck(kafka.bootstrap(), Map.of()).createMissingTopics(List.of(TOPIC), Optional.of(2));
            try (TopicWriter writer = new TopicWriter(kafka.bootstrap(), TOPIC)) {
                for (String document : documents) {
                    writer.send(
                            document.getBytes(StandardCharsets.UTF_8), null, document.getBytes(StandardCharsets.UTF_8));
                }
                writer.send("nothing".getBytes(StandardCharsets.UTF_8), null, null);
            }
            TopicRange all = new TopicRange(kafka.bootstrap(), TOPIC, null, null, Map.of());
            Instant future = Instant.now().plusSeconds(3600);
            TopicRange none = new TopicRange(kafka.bootstrap(), TOPIC, future, null, Map.of());
            // The writer's transactions take offsets too.
            assertThat(all.offsets()).isBetween(documents.size() + 1L, 3L * documents.size());
            assertThat(none.offsets()).isZero();
            CommandRun run = likelihood(kafka, directory.resolve("out"));
            CommandRun later = likelihood(kafka, directory.resolve("later"), "--from", future.toString());

            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(ids(directory.resolve("out/scores.jsonl"), documents)).hasSize(documents.size());
            assertThat(directory.resolve("out/rejects.jsonl"))
                    .content()
                    .hasLineCount(1)
                    .contains("missing_text");
            assertThat(later.exitCode()).as(later.err()).isZero();
            assertThat(directory.resolve("later/scores.jsonl")).isEmptyFile();
        }
    }

    private static TreeSet<String> ids(Path rows, List<String> documents) throws IOException {
        TreeSet<String> ids = new TreeSet<>();
        List<Integer> lengths = new ArrayList<>();
        for (String line : Files.readAllLines(rows)) {
            ids.add(JSON.readTree(line).path("id").asText());
            lengths.add(JSON.readTree(line).path("bytes").intValue());
        }
        assertThat(ids).allMatch(id -> id.matches(TOPIC + "/[01]/\\d+"));
        assertThat(lengths)
                .containsExactlyInAnyOrderElementsOf(documents.stream()
                        .map(document -> document.getBytes(StandardCharsets.UTF_8).length)
                        .toList());
        return ids;
    }

    private static CommandRun likelihood(EmbeddedKafka kafka, Path out, String... more) {
        List<String> args = new ArrayList<>(
                List.of("likelihood", "--bootstrap", kafka.bootstrap(), "--topic", TOPIC, "--out", out.toString()));
        args.addAll(List.of(more));
        return CommandRun.of(args);
    }
}
