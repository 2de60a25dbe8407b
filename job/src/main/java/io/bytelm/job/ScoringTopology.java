package io.bytelm.job;

import io.bytelm.job.check.CheckedCoordinatedFactory;
import io.bytelm.job.kafka.KafkaEnds;
import io.bytelm.record.InputRecord;
import io.bytelm.record.OutputRecord.DeadLetter;
import io.bytelm.record.OutputRecord.Result;
import io.bytelm.record.SessionState;
import io.bytelm.record.binary.ImmutableTypeInfo;
import io.bytelm.service.ServiceSource;
import io.bytelm.session.Alerts;
import io.bytelm.session.AllSessions;
import io.bytelm.session.DeadLetters;
import io.bytelm.session.SessionKey;
import io.bytelm.session.SessionOperatorFactory;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;

/** The scoring job: bytes keyed by session from Kafka, through the session operator, to Kafka. */
public final class ScoringTopology {
    /** A savepoint can be spread over so many subtasks and no more; changing it makes savepoints useless. */
    private static final int MAX_PARALLELISM = 128;

    private ScoringTopology() {}

    /** Adds the job to the environment; uids are part of a savepoint's format. */
    public static void build(StreamExecutionEnvironment env, ScoringSettings settings) {
        SessionOperatorFactory<SessionState> sessions =
                sessions(settings, settings.model().on(env));
        build(
                env,
                settings,
                env instanceof LocalStreamEnvironment
                        ? sessions
                        : new CheckedCoordinatedFactory<>(sessions, settings.memoryNeed()));
    }

    /**
     * Adds the job with another service than that of the settings' model.
     *
     * @param service opens it where the job runs
     */
    public static void build(StreamExecutionEnvironment env, ScoringSettings settings, ServiceSource service) {
        build(env, settings, sessions(settings, service));
    }

    private static void build(
            StreamExecutionEnvironment env,
            ScoringSettings settings,
            OneInputStreamOperatorFactory<InputRecord, Result> sessions) {
        env.setMaxParallelism(MAX_PARALLELISM);
        KafkaEnds kafka = new KafkaEnds(settings.kafka());

        DataStream<InputRecord> records = env.fromSource(
                        kafka.source(ImmutableTypeInfo.INPUT_RECORD),
                        WatermarkStrategy.noWatermarks(),
                        "bytes",
                        ImmutableTypeInfo.INPUT_RECORD)
                .uid("bytes");

        SingleOutputStreamOperator<Result> scores = records.keyBy(new SessionKey(), Types.STRING)
                .transform("sessions", ImmutableTypeInfo.RESULT, sessions)
                .uid("sessions");

        scores.sinkTo(kafka.scores(settings.format().encoder(settings.sources())))
                .name("scores")
                .uid("scores");

        String alerts = settings.kafka().alerts();
        if (alerts != null) {
            scores.getSideOutput(Alerts.OUTPUT)
                    .sinkTo(kafka.alerts(alerts, settings.format().encoder(settings.sources())))
                    .name("alerts")
                    .uid("alerts");
        }

        DataStream<DeadLetter> deadLetters = scores.getSideOutput(DeadLetters.OUTPUT);
        String topic = settings.kafka().deadLetters();
        if (topic == null) {
            deadLetters
                    .sinkTo(new DeadLetterLog("--dead-letters TOPIC keeps each of them"))
                    .name("dead letters, logged")
                    .uid("dead-letters-logged");
        } else {
            deadLetters.sinkTo(kafka.deadLetters(topic)).name("dead letters").uid("dead-letters");
        }
    }

    private static SessionOperatorFactory<SessionState> sessions(ScoringSettings settings, ServiceSource service) {
        return new SessionOperatorFactory<>(
                service,
                new AllSessions(settings.defaults(), settings.model().combination()),
                ImmutableTypeInfo.SESSION_STATE,
                settings.operator(),
                settings.modelChange());
    }
}
