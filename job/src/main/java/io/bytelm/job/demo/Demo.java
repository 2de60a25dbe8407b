package io.bytelm.job.demo;

import io.bytelm.job.FlinkSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.ScoreFormat;
import io.bytelm.job.ScoringSettings;
import io.bytelm.job.ScoringTopology;
import io.bytelm.job.kafka.BrokerCheck;
import io.bytelm.job.kafka.EmbeddedKafka;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.job.kafka.TopicWriter;
import io.bytelm.job.terminal.ProgressBar;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.SessionSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** One demonstration, from the broker's start to the table of scores. */
public final class Demo {
    static final String IN = "bytes";
    static final String OUT = "scores";
    static final String DEAD_LETTERS = "dead-letters";

    private static final int PARTITIONS = 4;
    private static final long CHECKPOINT_INTERVAL_MILLIS = 500;
    private static final long TRANSACTION_TIMEOUT_MILLIS = 600_000;
    private static final Duration POLL = Duration.ofMillis(200);
    private static final long SEED = 1;

    private final Terminal terminal;
    private final DemoReport report;
    private final ModelSettings model;
    private final SessionDefaults defaults;
    private final FlinkSettings flink;
    private final List<Passage> passages;

    /**
     * @param sessions how many of the passages are scored
     * @param parallelism subtasks of each operator
     */
    public Demo(Terminal terminal, ModelSettings model, SessionDefaults defaults, int sessions, int parallelism) {
        this.terminal = terminal;
        this.model = model;
        this.defaults = defaults;
        List<Passage> all = Passage.all();
        this.passages = all.subList(Math.max(0, all.size() - sessions), all.size());
        this.report = new DemoReport(terminal, passages);
        this.flink = new FlinkSettings(parallelism, CHECKPOINT_INTERVAL_MILLIS, null, null, Map.of());
    }

    /** How many sessions there are at most. */
    public static int mostSessions() {
        return Passage.all().size();
    }

    /**
     * Runs it.
     *
     * @param directory for the broker's data and the checkpoints; the caller deletes it
     * @param port where the broker listens; 0 for any free one
     * @param keep whether to stay until the job fails or the program is stopped
     */
    public void run(Path directory, int port, boolean keep) throws Exception {
        report.title(model);
        try (EmbeddedKafka broker = EmbeddedKafka.start(directory.resolve("kafka"), port);
                TrieLmService opened = model.open()) {
            String bootstrap = broker.bootstrap();
            new BrokerCheck(bootstrap, Map.of())
                    .createMissingTopics(List.of(IN, OUT, DEAD_LETTERS), Optional.of(PARTITIONS));
            report.broker(bootstrap);
            report.model(opened.vocabulary().size(), defaults);
            report.sent(send(bootstrap));
            JobClient job = start(directory, bootstrap, keep);
            SessionScores scores = follow(job, bootstrap);
            report.scores(scores, bootstrap, keep);
            if (keep) {
                report.invitation(bootstrap);
            }
            resultOf(job);
        }
    }

    private JobClient start(Path directory, String bootstrap, boolean keep) throws Exception {
        StreamExecutionEnvironment env = flink.environment(directory);
        KafkaSettings kafka = new KafkaSettings(
                bootstrap,
                IN,
                OUT,
                DEAD_LETTERS,
                "bytelm-demo",
                KafkaSettings.Start.EARLIEST,
                !keep,
                false,
                TRANSACTION_TIMEOUT_MILLIS,
                Map.of());
        ScoringTopology.build(
                env, new ScoringSettings(kafka, model, defaults, SessionSettings.DEFAULT, ScoreFormat.JSON));
        return env.executeAsync("ByteLM demo");
    }

    /** All sessions talk at the same time: one chunk of each, then the next of each, and at last their ends. */
    private int send(String bootstrap) {
        Random random = new Random(SEED);
        List<List<byte[]>> chunks = new ArrayList<>();
        passages.forEach(passage -> chunks.add(passage.chunks(random)));
        int rounds = chunks.stream().mapToInt(List::size).max().orElse(0);
        int sent = 0;
        try (TopicWriter writer = new TopicWriter(bootstrap, IN)) {
            for (int round = 0; round <= rounds; round++) {
                for (int i = 0; i < passages.size(); i++) {
                    byte[] session = passages.get(i).session().getBytes(StandardCharsets.UTF_8);
                    int left = chunks.get(i).size() - round;
                    if (left > 0) {
                        writer.send(session, null, chunks.get(i).get(round));
                    } else if (left == 0) {
                        writer.send(session, "end", null);
                    }
                    sent += left >= 0 ? 1 : 0;
                }
            }
        }
        return sent;
    }

    /** Reads what the job has committed, until every session has ended. */
    private SessionScores follow(JobClient job, String bootstrap) throws Exception {
        SessionScores scores = new SessionScores();
        long total = passages.stream().mapToLong(p -> p.text().length).sum();
        ProgressBar bar = new ProgressBar(terminal, total);
        long started = System.nanoTime();
        try (TopicReader reader = new TopicReader(bootstrap, OUT)) {
            while (scores.ended() < passages.size()) {
                for (TopicRecord record : reader.poll(POLL)) {
                    byte[] value = record.value();
                    if (value != null) {
                        scores.add(value);
                    }
                }
                if (job.getJobExecutionResult().isCompletedExceptionally()) {
                    resultOf(job);
                }
                double seconds = (System.nanoTime() - started) / 1e9;
                bar.show(scores.bytes(), report.progress(scores, seconds));
            }
        }
        bar.finish();
        return scores;
    }

    private static JobExecutionResult resultOf(JobClient job) throws Exception {
        try {
            return job.getJobExecutionResult().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }
}
