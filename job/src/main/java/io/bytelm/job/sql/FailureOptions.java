package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.session.RetrySettings;
import java.time.Duration;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.util.TimeUtils;

/** What happens when the model does not answer, or a text outgrows it; named as Flink's own providers name it. */
final class FailureOptions {
    private static final Duration LONGEST_TIMEOUT = Duration.ofDays(1);
    private static final int MOST_RETRIES = 1_000_000;

    private static final ConfigOption<Duration> TIMEOUT = key("timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long one attempt at one step of a row may take.");

    private static final ConfigOption<String> ERROR_HANDLING_STRATEGY = key("error-handling-strategy")
            .stringType()
            .defaultValue("retry")
            .withDescription(
                    "When the model does not answer: retry, failover (the job fails) or ignore (the row has no result).");

    private static final ConfigOption<Integer> RETRY_NUM = key("retry-num")
            .intType()
            .defaultValue(3)
            .withDescription("How often it is tried again, with pauses that double.");

    private static final ConfigOption<String> RETRY_FALLBACK_STRATEGY = key("retry-fallback-strategy")
            .stringType()
            .defaultValue("failover")
            .withDescription("When no attempt was answered: failover or ignore.");

    private static final ConfigOption<String> CONTEXT_OVERFLOW_ACTION = key("context-overflow-action")
            .stringType()
            .defaultValue("truncated-head")
            .withDescription(
                    "When a text outgrows the model's context: truncated-head (its oldest tokens fall out) or skipped"
                            + " (the row has no result).");

    static final Set<ConfigOption<?>> ALL =
            Set.of(TIMEOUT, ERROR_HANDLING_STRATEGY, RETRY_NUM, RETRY_FALLBACK_STRATEGY, CONTEXT_OVERFLOW_ACTION);

    private FailureOptions() {}

    private enum ErrorHandling {
        RETRY,
        FAILOVER,
        IGNORE
    }

    private enum Fallback {
        FAILOVER,
        IGNORE
    }

    private enum ContextOverflow {
        TRUNCATED_HEAD,
        SKIPPED
    }

    /** @throws org.apache.flink.table.api.ValidationException if a value is out of its range, or two do not go together */
    static RetrySettings retry(GivenOptions given) {
        Duration timeout = timeout(given);
        boolean retries = errorHandling(given) == ErrorHandling.RETRY;
        if (!retries) {
            given.refuseAll(
                    Set.of(RETRY_NUM, RETRY_FALLBACK_STRATEGY),
                    "is for 'error-handling-strategy' = 'retry', which it is not");
        }
        int attempts = retries ? 1 + given.within(RETRY_NUM, 0, MOST_RETRIES) : 1;
        return new RetrySettings(
                attempts,
                timeout.toMillis(),
                RetrySettings.DEFAULT.initialBackoffMillis(),
                RetrySettings.DEFAULT.maxBackoffMillis(),
                RetrySettings.DEFAULT.jitterSeed());
    }

    private static Duration timeout(GivenOptions given) {
        Duration timeout = given.get(TIMEOUT);
        if (timeout.toMillis() < 1 || timeout.compareTo(LONGEST_TIMEOUT) > 0) {
            throw GivenOptions.refused(
                    TIMEOUT, "must be from 1 ms to 1 d, got " + TimeUtils.formatWithHighestUnit(timeout));
        }
        return timeout;
    }

    /** Whether a row that the model did not answer is left without a result; else the job fails. */
    static boolean ignoresFailures(GivenOptions given) {
        Fallback fallback = given.choice(RETRY_FALLBACK_STRATEGY, Fallback.class);
        return switch (errorHandling(given)) {
            case RETRY -> fallback == Fallback.IGNORE;
            case FAILOVER -> false;
            case IGNORE -> true;
        };
    }

    private static ErrorHandling errorHandling(GivenOptions given) {
        return given.choice(ERROR_HANDLING_STRATEGY, ErrorHandling.class);
    }

    /** Whether a text that outgrows the model's context has no result; else its oldest tokens fall out. */
    static boolean skipsOverflowing(GivenOptions given) {
        return given.choice(CONTEXT_OVERFLOW_ACTION, ContextOverflow.class) == ContextOverflow.SKIPPED;
    }
}
