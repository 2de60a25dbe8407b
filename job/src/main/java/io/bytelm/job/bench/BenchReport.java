package io.bytelm.job.bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one run measured.
 *
 * @param settings what was asked for
 * @param documentBytes the length of all documents together
 * @param vocabularySize the model's token ids
 * @param threads the engine's threads; 0 is its own choice
 * @param tokenLevel teacher-forced scoring of canonical tokens: the limit
 * @param documents whole documents, by threshold in the settings' order
 * @param canonical whole documents over canonical tokenizations; empty if not asked for
 * @param withoutCanonical how many documents have no canonical tokenization, and are left out there
 * @param canonicalSessions the same as the three below over canonical tokenizations; null if not asked for
 * @param streaming sessions fed byte by byte
 * @param prefillBytesPerSecond one prompt of a document's length, alone
 * @param returning a session that goes on when nothing is kept of it
 * @param outsideMicrosPerByte processor time (us) of all threads for a byte, with a model that answers from memory
 * @param peakRssMegabytes the most memory (MiB) that this process ever held; null where the system does not say
 */
public record BenchReport(
        BenchSettings settings,
        long documentBytes,
        int vocabularySize,
        int threads,
        TokenLevel tokenLevel,
        List<Documents> documents,
        List<Canonical> canonical,
        int withoutCanonical,
        @Nullable CanonicalSessions canonicalSessions,
        List<Streaming> streaming,
        double prefillBytesPerSecond,
        Returning returning,
        double outsideMicrosPerByte,
        @Nullable Double peakRssMegabytes) {
    /**
     * Canonical tokens, all positions of a document in one call, with the log-probability of each next token.
     *
     * @param natsPerByte of the canonical tokenization alone
     */
    public record TokenLevel(double bytesPerSecond, double tokensPerSecond, double tokensPerByte, double natsPerByte) {}

    /**
     * @param threshold the prune threshold
     * @param bytes read in the time given; where that is not all, the figures are of the documents' beginnings
     * @param evaluationsPerByte contexts that the model was asked for
     * @param tokenLevelTokensPerSecond the limit, measured just before and just after: machines are not equally fast from
     *     one minute to the next
     * @param requestsPerPass how many requests a pass of the model answered, on the average: what fills batches
     * @param cacheHitRate the share of requests that needed no evaluation
     * @param modelShare the share of the time in which the model ran
     * @param natsPerByte over all documents
     */
    public record Documents(
            double threshold,
            long bytes,
            double bytesPerSecond,
            double evaluationsPerByte,
            double tokenLevelTokensPerSecond,
            double requestsPerPass,
            double cacheHitRate,
            double modelShare,
            double natsPerByte) {
        /** Evaluations per second over the token level's tokens per second. */
        public double efficiency() {
            return bytesPerSecond * evaluationsPerByte / tokenLevelTokensPerSecond;
        }

        Documents beside(double tokensPerSecond) {
            return new Documents(
                    threshold,
                    bytes,
                    bytesPerSecond,
                    evaluationsPerByte,
                    tokensPerSecond,
                    requestsPerPass,
                    cacheHitRate,
                    modelShare,
                    natsPerByte);
        }
    }

    /**
     * @param everyByte whether each byte has a log-probability of its own; else only the document has
     * @param documents the threshold is the share up to which contexts are deferred
     */
    public record Canonical(boolean everyByte, Documents documents) {}

    /**
     * @param defer the share up to which contexts are deferred; in a prompt none is
     * @param streaming sessions fed byte by byte
     * @param prefillBytesPerSecond one prompt of a document's length, alone
     * @param outsideMicrosPerByte processor time (us) of all threads for a byte that has a score, with a model that answers
     *     from memory
     */
    public record CanonicalSessions(
            double defer, List<Streaming> streaming, double prefillBytesPerSecond, double outsideMicrosPerByte) {}

    /**
     * @param bytesPerSecond of all sessions together
     * @param evaluationsPerSecond contexts that the model read for them
     */
    public record Streaming(int sessions, double bytesPerSecond, double evaluationsPerSecond) {}

    /**
     * The middle one of several sessions that go on when nothing is kept of them.
     *
     * @param bytes that it had read
     * @param tokens of its longest context
     * @param firstScoreMillis from its next byte to that byte's score (ms)
     * @param passes calls of the model in which it read tokens until then
     * @param walkedMillis what reading its longest context token by token takes (ms)
     */
    public record Returning(int bytes, int tokens, double firstScoreMillis, long passes, double walkedMillis) {}

    /** How many documents there are. */
    public long documentCount() {
        return documentBytes / settings.documentBytes();
    }

    /** Whole documents at the first threshold. */
    public Documents first() {
        return documents.get(0);
    }
}
