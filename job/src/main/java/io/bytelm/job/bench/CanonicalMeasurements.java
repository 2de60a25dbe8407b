package io.bytelm.job.bench;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.KnownText;
import io.bytelm.canonical.KnownTextSum;
import io.bytelm.job.UserException;
import io.bytelm.lm.LanguageModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.vocab.CanonicalRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Canonical tokenizations over a service whose caches are empty at the beginning of each measurement. */
final class CanonicalMeasurements {
    /** As many as {@code likelihood} reads at once: few, since each fills batches. */
    static final int DOCUMENTS_AT_ONCE = 8;

    private static final int REQUESTS_AT_ONCE = 512;
    private static final int[] NO_EOS = {};

    private final BenchModel model;
    private final CanonicalRules rules;

    /** @throws io.bytelm.service.NoCanonicalTokenizationsException if they are not followed for this model */
    CanonicalMeasurements(BenchModel model) {
        this.model = model;
        this.rules = model.canonicalRules();
    }

    /**
     * Those of the documents that have a canonical tokenization: no byte is without a token.
     *
     * @throws UserException if none has; the message says why
     */
    static List<byte[]> readable(CanonicalRules rules, List<byte[]> documents) {
        List<byte[]> readable = documents.stream()
                .filter(text -> !KnownText.follow(rules, text, Long.MAX_VALUE, text.length)
                        .isDead())
                .toList();
        if (readable.isEmpty()) {
            throw new UserException("each of the " + documents.size() + " documents has a byte with which no"
                    + " canonical tokenization goes on (bytelm vocab --bytes-without-token lists those without a token);"
                    + " take another file, or --tokenizations all");
        }
        return readable;
    }

    CanonicalRules rules() {
        return rules;
    }

    /** The log-likelihood of whole documents, without that of their bytes. */
    BenchReport.Documents logLikelihoods(List<byte[]> documents, double seconds, double tokenLevelTokensPerSecond) {
        return measured(
                documents,
                DOCUMENTS_AT_ONCE,
                0,
                seconds,
                tokenLevelTokensPerSecond,
                (text, deadline) -> logLikelihood(rules, text, model.contextTokens())
                        .map(logLikelihood -> new Scored(text.length, logLikelihood)));
    }

    /**
     * The log-likelihood (nats) of a document, without that of its bytes.
     *
     * @param contextTokens how many tokens of a context the model reads at most
     */
    static Step<Double> logLikelihood(CanonicalRules rules, byte[] text, long contextTokens) {
        KnownText known = KnownText.follow(rules, text, contextTokens, text.length);
        return new KnownTextSum(known, NO_EOS, 0, REQUESTS_AT_ONCE).logProbs().map(sums -> sums[0]);
    }

    /** @param logProb of the bytes (nats), at least */
    private record Scored(long bytes, double logProb) {}

    /** Documents, or as much of them as there is time for, the log-probability of each byte among the results. */
    BenchReport.Documents everyByte(
            List<byte[]> documents, double defer, double seconds, double tokenLevelTokensPerSecond) {
        CanonicalParams params = new CanonicalParams(defer, NO_EOS);
        CanonicalTree start = CanonicalTree.initial(rules, params, EosMode.WITH_EOS);
        return measured(
                documents,
                DOCUMENTS_AT_ONCE,
                defer,
                seconds,
                tokenLevelTokensPerSecond,
                (text, deadline) -> CanonicalReading.whole(start, text, deadline)
                        .map(read -> new Scored(
                                read.bytesRead(), read.tree().logProb().logLower())));
    }

    private BenchReport.Documents measured(
            List<byte[]> documents,
            int inFlight,
            double defer,
            double seconds,
            double tokenLevelTokensPerSecond,
            BiFunction<byte[], Deadline, Step<Scored>> read) {
        LanguageModel empty = model.withEmptyCache();
        MeasuredModel measured = new MeasuredModel(empty);
        Deadline deadline = Deadline.inSeconds(seconds);
        List<Scored> all = new ArrayList<>();
        try (EmbeddedTrieLmService service = model.serviceOver(measured)) {
            new StepPipeline(service, inFlight)
                    .forEach(
                            whileThereIsTime(documents, deadline),
                            text -> read.apply(text, deadline),
                            (text, scored) -> all.add(scored));
            double elapsed = deadline.secondsElapsed();
            ServiceStatistics statistics = service.statistics();
            long bytes = all.stream().mapToLong(Scored::bytes).sum();
            return new BenchReport.Documents(
                    defer,
                    bytes,
                    bytes / elapsed,
                    (double) statistics.evaluations() / bytes,
                    tokenLevelTokensPerSecond,
                    statistics.meanBatch(),
                    (double) statistics.cacheHits() / statistics.requests(),
                    measured.nanos() / 1e9 / elapsed,
                    -all.stream().mapToDouble(Scored::logProb).sum() / bytes);
        }
    }

    /** What has begun goes on: of a document that is summed up at its end, a part says nothing. */
    private static Iterable<byte[]> whileThereIsTime(List<byte[]> documents, Deadline deadline) {
        return () -> documents.stream().takeWhile(text -> !deadline.isOver()).iterator();
    }
}
