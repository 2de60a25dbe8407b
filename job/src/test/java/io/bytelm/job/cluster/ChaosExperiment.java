package io.bytelm.job.cluster;

import io.bytelm.beam.BeamParams;
import io.bytelm.job.kafka.TopicReader;
import io.bytelm.job.kafka.TopicRecord;
import io.bytelm.record.Emission;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.wire.DeadLetterHeaders;
import io.bytelm.service.ServiceSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;

/** Two jobs under load on a cluster, faults one after another, and in the end the sum of it. */
final class ChaosExperiment implements AutoCloseable {
    /** More than the job processes between two commits, so that it never waits for input. */
    private static final int HASH_AHEAD = 4000;

    private static final int LONGEST_HASH_SESSION = 160;
    private static final int ENGLISH_AHEAD = 100;
    private static final int LONGEST_ENGLISH_SESSION = 60;
    private static final Duration FIRST_LETTER = Duration.ofSeconds(5);
    private static final Duration NEXT_LETTER = Duration.ofSeconds(1);
    private static final SessionDefaults ENGLISH = new SessionDefaults(
            3,
            0.01,
            List.of(),
            true,
            BeamParams.UNLIMITED,
            BeamParams.UNLIMITED,
            new Emission(Emission.When.CHUNK, 2),
            1 << 20,
            true);

    private final TestCluster cluster;
    private final Faults faults;
    private final List<SessionTraffic> traffic = new ArrayList<>();
    private final List<ScoreVerifier> verifiers = new ArrayList<>();
    private final HostileTraffic hostile;
    private final CheckpointDurations checkpoints = new CheckpointDurations();
    private long undisturbedSinceMillis;
    private int injected;
    private int restoring;
    private int restores;

    private ChaosExperiment(TestCluster cluster, long seed) {
        this.cluster = cluster;
        this.faults = new Faults(cluster, new Random(seed), this::awaitManyScores);
        this.hostile = new HostileTraffic(
                cluster.broker().bootstrap(), List.of(TestCluster.HASH_IN, TestCluster.ENGLISH_IN), seed);
    }

    /**
     * Starts the cluster, the jobs, and the sessions that speak to them.
     *
     * @param name of its directory in {@code target/cluster}
     */
    static ChaosExperiment start(String name, long seed) throws Exception {
        ChaosExperiment experiment = new ChaosExperiment(TestCluster.start(name), seed);
        experiment.speak(
                TestCluster.HASH_IN,
                TestCluster.HASH_OUT,
                HASH_AHEAD,
                number -> ChaosSession.of(seed, number, LONGEST_HASH_SESSION),
                new HashModelSource(0, ""),
                HashModelJob.DEFAULTS);
        experiment.speak(
                TestCluster.ENGLISH_IN,
                TestCluster.ENGLISH_OUT,
                ENGLISH_AHEAD,
                number -> ChaosSession.of(seed, number, LONGEST_ENGLISH_SESSION),
                HashModelJob.BUNDLED_MODEL,
                ENGLISH);
        experiment.traffic.forEach(SessionTraffic::start);
        experiment.hostile.start();
        experiment.cluster.await(
                "both jobs write scores",
                () -> experiment.verifiers.stream().allMatch(verifier -> verifier.records() > 0));
        experiment.undisturbedSinceMillis = System.currentTimeMillis();
        return experiment;
    }

    private void speak(
            String in,
            String out,
            int ahead,
            IntFunction<ChaosSession> sessions,
            ServiceSource model,
            SessionDefaults defaults) {
        String bootstrap = cluster.broker().bootstrap();
        ScoreVerifier verifier =
                new ScoreVerifier(new TopicReader(bootstrap, out), sessions, new PlainRun(model, defaults));
        verifiers.add(verifier);
        traffic.add(new SessionTraffic(bootstrap, in, ahead, sessions, verifier));
    }

    /** Lets the jobs work for a while. */
    void undisturbedForMillis(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    /** @throws AssertionError if it did not happen or was not followed by a restore */
    void inject(Fault fault) throws Exception {
        for (SessionTraffic sessions : traffic) {
            sessions.requireAlive();
        }
        cluster.awaitHealth();
        checkpoints.add(cluster.flink().rest(), undisturbedSinceMillis);
        injected++;
        restoring += fault.restoresJobs() ? 1 : 0;
        restores += fault.inject(faults);
        cluster.awaitHealth();
        undisturbedSinceMillis = System.currentTimeMillis();
    }

    /** So many that sessions of each service must be among them. */
    private void awaitManyScores() throws InterruptedException {
        for (ScoreVerifier verifier : verifiers) {
            long before = verifier.records();
            cluster.await("200 more scores of a job", () -> verifier.records() >= before + 200);
        }
    }

    /** Lets the jobs work until so many sessions have begun. */
    void awaitSessions(int count) throws InterruptedException {
        cluster.await(count + " sessions have begun", () -> startedSessions() >= count);
    }

    private int startedSessions() {
        return traffic.stream().mapToInt(SessionTraffic::startedSessions).sum();
    }

    int restores() {
        return restores;
    }

    /** How many scores were compared so far. */
    long records() {
        return verifiers.stream().mapToLong(ScoreVerifier::records).sum();
    }

    /** Ends the sessions and reads their scores to the last one. */
    ChaosReport finish() throws Exception {
        checkpoints.add(cluster.flink().rest(), undisturbedSinceMillis);
        hostile.finish();
        for (SessionTraffic sessions : traffic) {
            sessions.finish();
        }
        return new ChaosReport(
                injected,
                restoring,
                restores,
                startedSessions(),
                records(),
                verifiers.stream().mapToLong(ScoreVerifier::differences).sum(),
                verifiers.stream().flatMap(v -> v.described().stream()).toList(),
                checkpoints,
                hostile.taken(),
                refusals());
    }

    /** How many dead letters of each reason both jobs have written. */
    private Map<String, Long> refusals() {
        Map<String, Long> reasons = new TreeMap<>();
        for (String topic : List.of(TestCluster.HASH_REJECTED, TestCluster.ENGLISH_REJECTED)) {
            try (TopicReader reader = new TopicReader(cluster.broker().bootstrap(), topic)) {
                List<TopicRecord> letters = reader.poll(FIRST_LETTER);
                while (!letters.isEmpty()) {
                    for (TopicRecord letter : letters) {
                        reasons.merge(letter.headers().getOrDefault(DeadLetterHeaders.REASON, "none"), 1L, Long::sum);
                    }
                    letters = reader.poll(NEXT_LETTER);
                }
            }
        }
        return reasons;
    }

    @Override
    public void close() throws Exception {
        hostile.close();
        traffic.forEach(SessionTraffic::close);
        cluster.close();
    }
}
