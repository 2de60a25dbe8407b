package io.bytelm.job.sql;

import io.bytelm.session.RetrySettings;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.MLPredictRuntimeConfigOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the planner's log what Flink's defaults of {@code ML_PREDICT} cost: how many rows it has in work at once, and how
 * long it waits for one, are no model's to set.
 */
final class ConcurrencyAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ConcurrencyAdvice.class);
    private static final int ROWS_THAT_FILL_BATCHES = 128;

    private ConcurrencyAdvice() {}

    /**
     * @param call what the call's own MAP says
     * @param session what holds where that says nothing
     */
    static void give(ReadableConfig call, ReadableConfig session, RetrySettings retry) {
        int rows = value(
                call,
                MLPredictRuntimeConfigOptions.ASYNC_MAX_CONCURRENT_OPERATIONS,
                session,
                ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS);
        if (rows < ROWS_THAT_FILL_BATCHES) {
            LOG.warn(
                    "ML_PREDICT has {} rows at a time in work, too few to fill the model's batches: SET '{}' = '256'",
                    rows,
                    ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_MAX_CONCURRENT_OPERATIONS.key());
        }
        Duration patience = value(
                call,
                MLPredictRuntimeConfigOptions.ASYNC_TIMEOUT,
                session,
                ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT);
        long attemptsMillis = retry.attempts() * retry.timeoutMillis();
        if (patience.toMillis() < attemptsMillis) {
            LOG.warn(
                    "ML_PREDICT fails the job where a row takes longer than {} ms, but 'retry-num' and 'timeout' allow {} ms for"
                            + " each of its steps: SET '{}' higher",
                    patience.toMillis(),
                    attemptsMillis,
                    ExecutionConfigOptions.TABLE_EXEC_ASYNC_ML_PREDICT_TIMEOUT.key());
        }
    }

    private static <T> T value(
            ReadableConfig call, ConfigOption<T> ofTheCall, ReadableConfig session, ConfigOption<T> ofTheSession) {
        return call.getOptional(ofTheCall).orElseGet(() -> session.get(ofTheSession));
    }
}
