package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.kafka.TopicRange;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** A part of a Kafka topic instead of files. */
final class TopicRangeOptions {
    private static final String CLIENT_PROPERTIES = "--kafka";

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            order = 30,
            description = "The Kafka broker, for --topic; several are separated by commas.")
    private @Nullable String bootstrap;

    @Option(
            names = "--topic",
            paramLabel = "TOPIC",
            order = 31,
            description = "Score the records of this topic instead of files; each value is a document.")
    private @Nullable String topic;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            order = 32,
            description = "The first record's time, such as 2026-01-31T00:00:00Z. Default: the oldest record.")
    private @Nullable String from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            order = 33,
            description = "Records from this time on are left out. Default: the topic's end when the run starts.")
    private @Nullable String to;

    @Option(
            names = CLIENT_PROPERTIES,
            paramLabel = NamedValues.LABEL,
            order = 34,
            description = "Any setting of Kafka's clients; may be given several times, or several separated by commas.")
    private List<String> clientProperties = new ArrayList<>();

    /** @throws UserException if only one of broker and topic is given, or a time is none */
    @Nullable
    TopicRange range() {
        if (topic == null && bootstrap == null && from == null && to == null) {
            return null;
        }
        if (topic == null || bootstrap == null) {
            throw new UserException("a part of a Kafka topic needs both --bootstrap and --topic");
        }
        return new TopicRange(
                bootstrap,
                topic,
                time("--from", from),
                time("--to", to),
                NamedValues.of(CLIENT_PROPERTIES, clientProperties));
    }

    private static @Nullable Instant time(String option, @Nullable String typed) {
        try {
            return typed == null ? null : Instant.parse(typed);
        } catch (DateTimeParseException e) {
            throw new UserException(option + " must be a time such as 2026-01-31T00:00:00Z, got '" + typed + "'", e);
        }
    }
}
