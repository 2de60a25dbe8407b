package io.bytelm.job.cluster;

import io.bytelm.job.EngineSettings;
import io.bytelm.job.FlinkSettings;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.ScoreFormat;
import io.bytelm.job.ScoringSettings;
import io.bytelm.job.ScoringTopology;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.lm.djl.Precision;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ServiceSettings;
import io.bytelm.session.BreakerSettings;
import io.bytelm.session.RetrySettings;
import io.bytelm.session.ServiceFailurePolicy;
import io.bytelm.session.SessionSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The scoring job with the hash model, to be submitted to a cluster. */
public final class HashModelJob {
    /** The beam of its sessions. */
    static final SessionDefaults DEFAULTS =
            new SessionDefaults(3, 0.01, List.of(), true, 4, 2, new Emission(Emission.When.CHUNK, 3), 1 << 16, true);

    /** Kafka's clients give a broker up that is away for a few seconds, so that its loss fails the job. */
    static final Map<String, String> IMPATIENT_CLIENTS =
            Map.of("delivery.timeout.ms", "4000", "request.timeout.ms", "2000", "max.block.ms", "15000");

    /** The model of the other job; this one opens another service. */
    static final ModelSettings BUNDLED_MODEL = new ModelSettings(
            null,
            new EngineSettings("cpu", 1, 0, 0, 32 << 20, Precision.FLOAT32),
            new ServiceSettings(32, 0, 32 << 20, 2));

    private static final long EVALUATION_MILLIS = 5;
    private static final long TIMEOUT_MILLIS = 1500;

    private HashModelJob() {}

    /** @param args the broker, the topics for bytes, scores and dead letters, and the file that makes the service hang */
    public static void main(String[] args) throws Exception {
        KafkaSettings kafka = new KafkaSettings(
                args[0],
                args[1],
                args[2],
                args[3],
                "bytelm",
                KafkaSettings.Start.EARLIEST,
                false,
                false,
                600_000,
                IMPATIENT_CLIENTS);
        // a service that answers nothing for as long as two attempts take fails the job
        SessionSettings operator = new SessionSettings(
                256,
                512, // the backlog waits in Kafka
                8 << 20,
                32,
                new RetrySettings(2, TIMEOUT_MILLIS, 100, 1000, 0),
                new BreakerSettings(4, 100, 100, 2 * TIMEOUT_MILLIS),
                ServiceFailurePolicy.FAIL_JOB,
                0);
        ScoringSettings settings = new ScoringSettings(kafka, BUNDLED_MODEL, DEFAULTS, operator, ScoreFormat.JSON);
        StreamExecutionEnvironment env = new FlinkSettings(
                        2,
                        null,
                        null,
                        null,
                        Map.of("state.backend.type", "rocksdb", "execution.checkpointing.incremental", "true"))
                .environment(Path.of("."));
        ScoringTopology.build(env, settings, new HashModelSource(EVALUATION_MILLIS, args[4]));
        env.execute("hash model");
    }
}
