package io.bytelm.job;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bytelm.job.kafka.TopicRecord;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Follows each score to the input record that it says it answers. */
final class SourcesOfScores {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SourcesOfScores() {}

    /** @param input all that is in the input topic; each record that brought bytes was answered by one score of a chunk */
    static void assertRight(List<TopicRecord> scores, List<TopicRecord> input, String topic) throws IOException {
        Map<String, TopicRecord> records = new HashMap<>();
        input.forEach(record -> records.put(record.partition() + "/" + record.offset(), record));
        Set<String> scored = new HashSet<>();
        for (TopicRecord written : scores) {
            JsonNode score = JSON.readTree(written.value());
            String place = score.get("source_partition").asInt() + "/"
                    + score.get("source_offset").asLong();
            TopicRecord answered = records.get(place);
            assertThat(answered).as("what %s answers", score).isNotNull();
            assertThat(score.get("source_topic").asText()).isEqualTo(topic);
            assertThat(Instant.ofEpochMilli(score.get("source_timestamp").asLong()))
                    .isAfter(Instant.now().minus(1, ChronoUnit.HOURS));
            assertThat(score.get("session").asText()).isEqualTo(new String(answered.key(), UTF_8));
            if (score.get("event").asText().equals("chunk")) {
                assertThat(scored.add(place)).as("scored once: %s", score).isTrue();
                assertThat(answered.value()).hasSize(score.get("chunk_bytes").asInt());
            } else {
                assertThat(answered.headers()).containsEntry("bytelm.op", "end");
            }
        }
        assertThat(scored)
                .hasSize((int) input.stream().filter(SourcesOfScores::hasText).count());
    }

    private static boolean hasText(TopicRecord record) {
        return record.value() != null && !"open".equals(record.headers().get("bytelm.op"));
    }
}
