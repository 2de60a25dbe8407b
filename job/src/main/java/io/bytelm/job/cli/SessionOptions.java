package io.bytelm.job.cli;

import io.bytelm.dist.Symbols;
import io.bytelm.job.UserException;
import io.bytelm.record.Emission;
import io.bytelm.session.BreakerSettings;
import io.bytelm.session.RetrySettings;
import io.bytelm.session.ServiceFailurePolicy;
import io.bytelm.session.SessionSettings;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What sessions emit, and how the operator that holds them runs. */
final class SessionOptions {
    private static final String ALL = "all";

    @Option(
            names = "--emit",
            paramLabel = "WHEN",
            order = 300,
            defaultValue = "chunk",
            description = "A score after every byte, after every chunk, or once at the end. Default: ${DEFAULT-VALUE}.")
    private Emission.When emit;

    @Option(
            names = "--top",
            paramLabel = "N",
            order = 301,
            defaultValue = "5",
            description = "How many of the most probable next bytes a score lists: 0 to 258, or all."
                    + " Default: ${DEFAULT-VALUE}.")
    private String top;

    @Option(
            names = "--max-chunk-bytes",
            paramLabel = "BYTES",
            order = 302,
            defaultValue = "1048576",
            description = "Larger records are dead letters. Default: ${DEFAULT-VALUE}.")
    private int maxChunkBytes;

    @Option(
            names = "--session-ttl-minutes",
            paramLabel = "MIN",
            order = 303,
            defaultValue = "1440",
            description = "A session without input for so long is forgotten; 0 keeps it for ever."
                    + " Default: ${DEFAULT-VALUE}, a day.")
    private long ttlMinutes;

    @Option(
            names = "--capacity",
            paramLabel = "SESSIONS",
            order = 304,
            defaultValue = "256",
            description = "Sessions that a subtask works on at the same time, each on one record; more fill batches"
                    + " better. Default: ${DEFAULT-VALUE}.")
    private int capacity;

    @Option(
            names = "--max-waiting",
            paramLabel = "RECORDS",
            order = 304,
            defaultValue = "8192",
            description = "Records of busy sessions that wait on a subtask; only then does the source wait too."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxWaiting;

    @Option(
            names = "--max-held-mb",
            paramLabel = "MIB",
            order = 304,
            defaultValue = "64",
            description = "Bytes of all records that a subtask holds, and of outputs not committed yet."
                    + " Default: ${DEFAULT-VALUE}.")
    private int maxHeldMebibytes;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            order = 305,
            defaultValue = "5",
            description = "How often the model is asked before a record counts as failed. Default: ${DEFAULT-VALUE}.")
    private int attempts;

    @Option(
            names = "--timeout-ms",
            paramLabel = "MS",
            order = 306,
            defaultValue = "60000",
            description = "How long an attempt may take, waiting for its batch included. Default: ${DEFAULT-VALUE}.")
    private long timeoutMillis;

    @Option(
            names = "--breaker-failures",
            paramLabel = "N",
            order = 306,
            defaultValue = "4",
            description = "So many failures in a row, and the model is left alone for a while, which uses up no"
                    + " attempts. Default: ${DEFAULT-VALUE}.")
    private int breakerFailures;

    @Option(
            names = "--breaker-max-ms",
            paramLabel = "MS",
            order = 306,
            defaultValue = "30000",
            description = "The longest such while; it doubles from 200 ms on. Default: ${DEFAULT-VALUE}.")
    private long breakerMillis;

    @Option(
            names = "--give-up-after-ms",
            paramLabel = "MS",
            order = 306,
            defaultValue = "600000",
            description =
                    "When the model has answered nothing for so long, from the first attempt that it left"
                            + " unanswered, all records that wait for it count as failed. Default: ${DEFAULT-VALUE}, ten minutes.")
    private long giveUpAfterMillis;

    @Option(
            names = "--on-failure",
            paramLabel = "WHAT",
            order = 307,
            defaultValue = "fail-job",
            description =
                    "What becomes of a record that counts as failed: fail-job (restart from the last checkpoint and"
                            + " try again) or dead-letter. Default: ${DEFAULT-VALUE}.")
    private String onFailure;

    Emission emission() {
        try {
            return new Emission(emit, top.equalsIgnoreCase(ALL) ? Symbols.COUNT : Integer.parseInt(top));
        } catch (NumberFormatException e) {
            throw new UserException(
                    "--top must be a number from 0 to " + Symbols.COUNT + ", or all, got '" + top + "'", e);
        } catch (IllegalArgumentException e) {
            throw new UserException("--top: " + e.getMessage(), e);
        }
    }

    int maxChunkBytes() {
        return maxChunkBytes;
    }

    SessionSettings settings() {
        RetrySettings usual = RetrySettings.DEFAULT;
        try {
            RetrySettings retry = new RetrySettings(
                    attempts,
                    timeoutMillis,
                    usual.initialBackoffMillis(),
                    usual.maxBackoffMillis(),
                    usual.jitterSeed());
            return new SessionSettings(
                    capacity,
                    maxWaiting,
                    (long) maxHeldMebibytes << 20,
                    SessionSettings.DEFAULT.continuationsPerMail(),
                    retry,
                    breaker(),
                    failurePolicy(),
                    TimeUnit.MINUTES.toMillis(ttlMinutes));
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private BreakerSettings breaker() {
        long firstMillis = Math.min(BreakerSettings.DEFAULT.firstPauseMillis(), breakerMillis);
        return new BreakerSettings(breakerFailures, firstMillis, breakerMillis, giveUpAfterMillis);
    }

    private ServiceFailurePolicy failurePolicy() {
        return switch (onFailure) {
            case "fail-job" -> ServiceFailurePolicy.FAIL_JOB;
            case "dead-letter" -> ServiceFailurePolicy.DEAD_LETTER;
            default -> throw new UserException("--on-failure must be fail-job or dead-letter, got '" + onFailure + "'");
        };
    }
}
