package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.kafka.AccessCheck;
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

    @Option(
            names = "--alerts",
            paramLabel = "TOPIC",
            order = 4,
            description = "An alert, keyed by session, when z (see --anomaly-window) has risen to --alert-z.")
    private @Nullable String alerts;

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
            names = "--skip-deleted",
            order = 9,
            description =
                    "Go on at the oldest record when records were deleted before they were read (retention). Without it the"
                            + " job ends and says which: the sessions' texts would have a hole.")
    private boolean skipDeleted;

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
        requireNotRead("--out", out);
        requireNotRead("--dead-letters", deadLetters);
        requireNotRead("--alerts", alerts);
        if (alerts != null && (alerts.equals(out) || alerts.equals(deadLetters))) {
            throw new UserException("--alerts is the topic of " + (alerts.equals(out) ? "--out" : "--dead-letters")
                    + " too, '" + alerts + "', where it would pass for the answer to a record; name another one");
        }
        return new KafkaSettings(
                bootstrap,
                in,
                out,
                deadLetters,
                group,
                start,
                bounded,
                skipDeleted,
                transactionTimeoutMillis,
                NamedValues.of(CLIENT_PROPERTIES, clientProperties),
                alerts);
    }

    private void requireNotRead(String option, @Nullable String topic) {
        if (in.equals(topic)) {
            throw new UserException(option + " is the topic that --in reads, '" + in
                    + "': what is written there would be read again, without an end; name another one");
        }
    }

    /**
     * @throws UserException if the broker is not there, a topic is missing and is not to be created, their limits do not
     *     fit, or a right is missing
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
        new AccessCheck(settings).require();
    }

    /** What the broker says about all that the job wants of it, a line each; changes nothing there. */
    List<CheckLine> check() {
        KafkaSettings settings = settings();
        BrokerCheck broker = new BrokerCheck(bootstrap, settings.clientProperties());
        List<CheckLine> lines = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        lines.add(CheckLine.of("broker", () -> {
            missing.addAll(broker.missingTopics(settings.topics()));
            return "answers at " + bootstrap;
        }));
        if (lines.get(0).isFinding()) {
            return lines;
        }
        if (createTopics && !missing.isEmpty()) {
            lines.add(CheckLine.ok("topics", String.join(", ", missing) + " would be created by --create-topics"));
            return lines;
        }
        lines.add(CheckLine.of("topics", () -> {
            broker.requireTopics(settings.topics());
            return String.join(", ", settings.topics()) + " are there";
        }));
        if (!lines.get(1).isFinding()) {
            lines.addAll(new AccessCheck(settings).lines());
            lines.add(CheckLine.of("limits", () -> {
                new LimitsCheck(settings).require();
                return "sizes of records and the length of transactions fit";
            }));
        }
        return lines;
    }
}
