package io.bytelm.job.cli;

import io.bytelm.job.UserException;
import io.bytelm.service.ServiceSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the requests of many sessions share the model. */
final class ServiceOptions {
    private static final int MEBIBYTE_SHIFT = 20;
    private static final int MAX_BATCH = 128;
    /** Nobody waits for one context of a document: what counts is what all cost. */
    private static final int MAX_BATCH_FOR_DOCUMENTS = 256;

    private static final long CACHE_MEBIBYTES = 256;
    /** Rows that only grow old in Java's heap make its collector work for nothing. */
    private static final long CACHE_MEBIBYTES_FOR_DOCUMENTS = 32;

    @Option(
            names = "--max-batch",
            paramLabel = "N",
            order = 110,
            description = "The most contexts in one evaluation of the model: larger batches are cheaper a context, and"
                    + " slower each. Default: 256 where whole documents are read (bench, likelihood), else 128.")
    private @Nullable Integer maxBatch;

    @Option(
            names = "--linger-ms",
            paramLabel = "MS",
            order = 111,
            defaultValue = "0",
            description =
                    "How long a request waits for others while its batch is not full; what comes while the model is"
                            + " busy makes the next batch anyway. Default: ${DEFAULT-VALUE}.")
    private long lingerMillis;

    @Option(
            names = "--cache-mb",
            paramLabel = "MIB",
            order = 112,
            description =
                    "Memory for probabilities already computed. Default: 32 for whole documents (likelihood), which"
                            + " hardly ever ask again, else 256.")
    private @Nullable Long cacheMebibytes;

    @Option(
            names = "--speculation",
            negatable = true,
            order = 113,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Evaluate ahead where batches have room and the bytes to come are known (on by default)."
                    + " Results are the same.")
    private boolean speculation;

    ServiceSettings settings() {
        return settings(MAX_BATCH, CACHE_MEBIBYTES);
    }

    /** For documents that are read from their beginning to their end. */
    ServiceSettings documentSettings() {
        return settings(MAX_BATCH_FOR_DOCUMENTS, CACHE_MEBIBYTES_FOR_DOCUMENTS);
    }

    /** For sessions and such documents, one after the other. */
    ServiceSettings benchSettings() {
        return settings(MAX_BATCH_FOR_DOCUMENTS, CACHE_MEBIBYTES);
    }

    private ServiceSettings settings(int defaultMaxBatch, long defaultCacheMebibytes) {
        long mebibytes = cacheMebibytes == null ? defaultCacheMebibytes : cacheMebibytes;
        try {
            ServiceSettings settings = new ServiceSettings(
                    maxBatch == null ? defaultMaxBatch : maxBatch,
                    lingerMillis,
                    mebibytes << MEBIBYTE_SHIFT,
                    ServiceSettings.defaults().walkThreads());
            return speculation ? settings : settings.withoutSpeculation();
        } catch (IllegalArgumentException e) {
            throw new UserException("--max-batch, --linger-ms, --cache-mb: " + e.getMessage(), e);
        }
    }
}
