package io.bytelm.job.sql;

import io.bytelm.constraint.ConstraintException;
import io.bytelm.job.LineBudget;
import io.bytelm.service.ServiceClosedException;
import io.bytelm.service.ServiceRefusedException;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.metrics.Counter;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rows from texts, for one subtask. No text fails the job: one without a result, or at which the program fails, gives a row
 * that says why. Whether a model that does not answer fails it is the user's choice.
 */
final class Prediction implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Prediction.class);
    private static final int LINES_A_MINUTE = 10;

    private final TrieLmService service;
    private final Computations computations;
    private final TextRows rows;
    private final FailureRows failures;
    private final boolean ignoresFailures;
    private final int maxInputBytes;
    private final Counter withoutResult;
    private final LineBudget lines = new LineBudget(LINES_A_MINUTE);

    private Prediction(ModelStatement statement, TrieLmService service, Counter withoutResult) {
        this.service = service;
        this.rows = statement.rows(service);
        this.failures = FailureRows.of(statement.output());
        this.ignoresFailures = statement.ignoresFailures();
        this.maxInputBytes = statement.maxInputBytes();
        this.withoutResult = withoutResult;
        this.computations = new Computations(service, statement.retry());
    }

    /**
     * Opens the model, or joins those in this JVM who have.
     *
     * @param withoutResult counts rows without a result
     */
    static Prediction open(ModelStatement statement, ServiceSource model, Counter withoutResult) {
        TrieLmService service = model.open();
        try {
            return new Prediction(statement, service, withoutResult);
        } catch (RuntimeException | Error e) {
            service.close();
            throw e;
        }
    }

    /**
     * Starts on a text. Called by the task's thread.
     *
     * @param text null for NULL; not to be changed
     * @return completes on another thread; fails only where the job is to fail
     */
    CompletableFuture<RowData> of(byte @Nullable [] text) {
        if (text == null) {
            return CompletableFuture.completedFuture(failures.withoutReason());
        }
        if (text.length > maxInputBytes) {
            withoutResult.inc();
            return CompletableFuture.completedFuture(failures.because(
                    "the text has " + text.length + " bytes, more than 'max-input-bytes' = " + maxInputBytes));
        }
        return computations
                .start(TextNumber.of(text), rows.roomTokens(text.length), () -> rows.begin(text))
                .exceptionally(failure -> without(failure, text.length));
    }

    private RowData without(Throwable failure, int bytes) {
        if (failure instanceof NoResultException) {
            return because(String.valueOf(failure.getMessage()));
        }
        if (failure instanceof ConstraintException refused) {
            return because("the constraint is refused for this text: " + refused.getMessage());
        }
        if (failure instanceof ServiceFailedException) {
            if (!ignoresFailures) {
                throw new CompletionException(failure);
            }
            log("A row has no result: {}", failure.getMessage(), null);
            return because(String.valueOf(failure.getMessage()));
        }
        if (isOfTheEnvironment(failure)) {
            throw new CompletionException(failure);
        }
        log("Failed at a text of {} bytes, which is a fault of the program", bytes, failure);
        return because("ByteLM failed at this text, which is a fault of the program: " + failure
                + "; please report it, with the text and the TaskManager's log");
    }

    private static boolean isOfTheEnvironment(Throwable failure) {
        return failure instanceof ServiceClosedException
                || failure instanceof ServiceRefusedException
                || failure instanceof Error && !(failure instanceof StackOverflowError);
    }

    private RowData because(String reason) {
        withoutResult.inc();
        return failures.because(reason);
    }

    private synchronized void log(String line, @Nullable Object what, @Nullable Throwable failure) {
        LineBudget.Decision decision = lines.line(System.nanoTime());
        if (decision.unsaid() > 0) {
            LOG.warn("{} more rows without a result in the minute before", decision.unsaid());
        }
        if (decision.isSaid()) {
            LOG.warn(line, what, failure);
        }
    }

    @Override
    public void close() throws InterruptedException {
        try {
            computations.close();
        } finally {
            service.close();
        }
    }
}
