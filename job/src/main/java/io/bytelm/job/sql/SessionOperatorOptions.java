package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.session.BreakerSettings;
import io.bytelm.session.RetrySettings;
import io.bytelm.session.ServiceFailurePolicy;
import io.bytelm.session.SessionSettings;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.ConfigOption;

/** How the operator that holds the sessions runs: the options of the command line. */
final class SessionOperatorOptions {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long MOST_MEBIBYTES = Long.MAX_VALUE >> MEBIBYTE_SHIFT;
    private static final long MOST_MINUTES = TimeUnit.DAYS.toMinutes(36_500);

    private static final ConfigOption<Long> SESSION_TTL_MINUTES = key("session-ttl-minutes")
            .longType()
            .defaultValue(TimeUnit.MILLISECONDS.toMinutes(SessionSettings.DEFAULT.ttlMillis()))
            .withDescription("A session without rows for so long is forgotten; 0 keeps it for ever.");

    private static final ConfigOption<Integer> CAPACITY = key("capacity")
            .intType()
            .defaultValue(SessionSettings.DEFAULT.capacity())
            .withDescription("Sessions that a subtask works on at the same time, each on one row.");

    private static final ConfigOption<Integer> MAX_WAITING = key("max-waiting")
            .intType()
            .defaultValue(SessionSettings.DEFAULT.maxWaiting())
            .withDescription("Rows of busy sessions that wait on a subtask; only then does its input wait too.");

    private static final ConfigOption<Long> MAX_HELD_MB = key("max-held-mb")
            .longType()
            .defaultValue(SessionSettings.DEFAULT.maxHeldBytes() >> MEBIBYTE_SHIFT)
            .withDescription("Memory (MiB) for all rows that a subtask holds, and for results not emitted yet.");

    private static final ConfigOption<Integer> ATTEMPTS = key("attempts")
            .intType()
            .defaultValue(RetrySettings.DEFAULT.attempts())
            .withDescription("How often the model is asked before a row counts as failed.");

    private static final ConfigOption<Long> TIMEOUT_MS = key("timeout-ms")
            .longType()
            .defaultValue(RetrySettings.DEFAULT.timeoutMillis())
            .withDescription("How long (ms) an attempt may take, waiting for its batch included.");

    private static final ConfigOption<Integer> BREAKER_FAILURES = key("breaker-failures")
            .intType()
            .defaultValue(BreakerSettings.DEFAULT.failures())
            .withDescription("So many failures in a row, and the model is left alone for a while.");

    private static final ConfigOption<Long> BREAKER_MAX_MS = key("breaker-max-ms")
            .longType()
            .defaultValue(BreakerSettings.DEFAULT.longestPauseMillis())
            .withDescription("The longest such while (ms); it doubles from 200 ms on.");

    private static final ConfigOption<Long> GIVE_UP_AFTER_MS = key("give-up-after-ms")
            .longType()
            .defaultValue(BreakerSettings.DEFAULT.giveUpAfterMillis())
            .withDescription("When the model has answered nothing for so long (ms), all rows that wait for it count as"
                    + " failed.");

    private static final ConfigOption<String> ON_FAILURE = key("on-failure")
            .stringType()
            .defaultValue(GivenOptions.label(ServiceFailurePolicy.FAIL_JOB))
            .withDescription("What becomes of a row that counts as failed: fail-job (restart from the last checkpoint)"
                    + " or dead-letter (it is rejected).");

    static final Set<ConfigOption<?>> ALL = Set.of(
            SESSION_TTL_MINUTES,
            CAPACITY,
            MAX_WAITING,
            MAX_HELD_MB,
            ATTEMPTS,
            TIMEOUT_MS,
            BREAKER_FAILURES,
            BREAKER_MAX_MS,
            GIVE_UP_AFTER_MS,
            ON_FAILURE);

    private SessionOperatorOptions() {}

    /** @throws org.apache.flink.table.api.ValidationException if a value is out of its range */
    static SessionSettings read(GivenOptions given) {
        return new SessionSettings(
                given.atLeast(CAPACITY, 1),
                given.atLeast(MAX_WAITING, 0),
                given.within(MAX_HELD_MB, 1L, MOST_MEBIBYTES) << MEBIBYTE_SHIFT,
                SessionSettings.DEFAULT.continuationsPerMail(),
                retry(given),
                breaker(given),
                given.choice(ON_FAILURE, ServiceFailurePolicy.class),
                TimeUnit.MINUTES.toMillis(given.within(SESSION_TTL_MINUTES, 0L, MOST_MINUTES)));
    }

    private static RetrySettings retry(GivenOptions given) {
        RetrySettings usual = RetrySettings.DEFAULT;
        return new RetrySettings(
                given.atLeast(ATTEMPTS, 1),
                given.atLeast(TIMEOUT_MS, 1L),
                usual.initialBackoffMillis(),
                usual.maxBackoffMillis(),
                usual.jitterSeed());
    }

    private static BreakerSettings breaker(GivenOptions given) {
        long longestMillis = given.atLeast(BREAKER_MAX_MS, 1L);
        long firstMillis = Math.min(BreakerSettings.DEFAULT.firstPauseMillis(), longestMillis);
        long mostMillis = TimeUnit.DAYS.toMillis(365);
        return new BreakerSettings(
                given.atLeast(BREAKER_FAILURES, 1),
                firstMillis,
                longestMillis,
                given.within(GIVE_UP_AFTER_MS, 1L, mostMillis));
    }
}
