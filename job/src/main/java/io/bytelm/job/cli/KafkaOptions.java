package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.LimitsCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where bytes come from and where scores go. */
final class KafkaOptions {
    private static final String CLIENT_PROPERTIES = "--kafka";

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            order = 1,
            required = true,
            description = "The Kafka broker; several are separated by commas.")
    private String bootstrap;

    @Option(
            names = "--in",
            paramLabel = "TOPIC",
            order = 2,
            required = true,
            description =
                    "Bytes to score: the record's key is the session, its value the next bytes of it, cut anywhere."
                            + " Header bytelm.op: bytes (default), open, end.")
    private String in;

    @Option(
            names = "--out",
            paramLabel = "TOPIC",
            order = 3,
            required = true,
            description = "Scores, keyed by session.")
    private String out;

    @Option(
            names = "--dead-letters",
            paramLabel = "TOPIC",
            order = 4,
            description =
                    "Records that cannot be processed, untouched, with headers saying why. Default: they are logged.")
    private @Nullable String deadLetters;

    @Option(names = "--create-topics", order = 5, description = "Create the topics that are missing.")
    private boolean createTopics;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            order = 6,
            description = "Partitions of topics that are created. Default: the broker's.")
    private @Nullable Integer partitions;

    @Option(
            names = "--group",
            paramLabel = "NAME",
            order = 7,
            defaultValue = "bytelm",
            description =
                    "Consumer group; with the topics' names also the first part of the transactional ids. Jobs that read"
                            + " the same topic need one each. Default: ${DEFAULT-VALUE}.")
    private String group;

    @Option(
            names = "--start",
            paramLabel = "WHERE",
            order = 8,
            defaultValue = "committed",
            description =
                    "Where to begin: committed (where the group stopped; the oldest record if it is new), answered (behind"
                            + " the last record that a committed score or dead letter answers), earliest, latest. A job"
                            + " that resumes begins where its checkpoint was. Default: ${DEFAULT-VALUE}.")
    private KafkaSettings.Start start;

    @Option(
            names = "--bounded",
            order = 9,
            description = "Stop at what is the topic's end when the job starts, instead of waiting for more.")
    private boolean bounded;

    @Option(
            names = "--transaction-timeout-ms",
            paramLabel = "MS",
            order = 10,
            defaultValue = "600000",
            description =
                    "The broker gives up a transaction that is open for longer: more than a checkpoint and a restart"
                            + " take, not more than the broker's transaction.max.timeout.ms (15 min by default)."
                            + " Default: ${DEFAULT-VALUE}.")
    private long transactionTimeoutMillis;

    @Option(
            names = CLIENT_PROPERTIES,
            paramLabel = NamedValues.LABEL,
            order = 11,
            description =
                    "Any setting of Kafka's clients, for instance security.protocol=SSL; may be given several times, or"
                            + " several separated by commas. For secrets a value may hold $${env:NAME}, $${file:PATH:KEY} or"
                            + " $${directory:PATH:FILE}, read wherever a client starts.")
    private List<String> clientProperties = new ArrayList<>();

    KafkaSettings settings() {
        if (transactionTimeoutMillis < 1 || transactionTimeoutMillis > Integer.MAX_VALUE) {
            throw new UserException("--transaction-timeout-ms must be from 1 to " + Integer.MAX_VALUE + ", got "
                    + transactionTimeoutMillis);
        }
        return new KafkaSettings(
                bootstrap,
                in,
                out,
                deadLetters,
                group,
                start,
                bounded,
                transactionTimeoutMillis,
                NamedValues.of(CLIENT_PROPERTIES, clientProperties));
    }

    /**
     * @throws UserException if the broker is not there, a topic is missing and is not to be created, or their limits do not
     *     fit
     */
    void requireBrokerAndTopics() {
        KafkaSettings settings = settings();
        BrokerCheck check = new BrokerCheck(bootstrap, settings.clientProperties());
        if (createTopics) {
            check.createMissingTopics(settings.topics(), Optional.ofNullable(partitions));
        } else {
            check.requireTopics(settings.topics());
        }
        new LimitsCheck(settings).require();
    }
}
