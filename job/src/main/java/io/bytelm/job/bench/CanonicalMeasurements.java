package io.bytelm.job.bench;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.beam.StepPipeline;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.canonical.Certified;
import io.bytelm.canonical.KnownText;
import io.bytelm.canonical.KnownTextSum;
import io.bytelm.lm.LanguageModel;
import io.bytelm.service.EmbeddedTrieLmService;
import io.bytelm.service.ServiceStatistics;
import io.bytelm.vocab.CanonicalRules;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Canonical tokenizations over a service whose caches are empty at the beginning of each measurement. */
final class CanonicalMeasurements {
    /** As many as {@code likelihood} reads at once: few, since each fills batches. */
    private static final int DOCUMENTS_AT_ONCE = 8;

    private static final int REQUESTS_AT_ONCE = 512;
    private static final int[] NO_EOS = {};

    private final BenchModel model;
    private final CanonicalRules rules;

    /** @throws io.bytelm.service.NoCanonicalTokenizationsException if they are not followed for this model */
    CanonicalMeasurements(BenchModel model) {
        this.model = model;
        this.rules = model.canonicalRules();
    }

    /** The log-likelihood of whole documents, without that of their bytes. */
    BenchReport.Documents logLikelihoods(List<byte[]> documents, double seconds, double tokenLevelTokensPerSecond) {
        return measured(documents, DOCUMENTS_AT_ONCE, 0, seconds, tokenLevelTokensPerSecond, text -> {
            KnownText known = KnownText.follow(rules, text, model.contextTokens(), text.length);
            return new KnownTextSum(known, NO_EOS, 0, REQUESTS_AT_ONCE)
                    .logProbs()
                    .map(sums -> new Certified(sums[0], sums[0]));
        });
    }

    /** Whole documents, the log-probability of each byte among the results. */
    BenchReport.Documents everyByte(
            List<byte[]> documents, int inFlight, double defer, double seconds, double tokenLevelTokensPerSecond) {
        CanonicalParams params = new CanonicalParams(defer, NO_EOS);
        return measured(
                documents,
                inFlight,
                defer,
                seconds,
                tokenLevelTokensPerSecond,
                text -> CanonicalTree.initial(rules, params, EosMode.WITH_EOS)
                        .read(text)
                        .map(CanonicalTree::logProb));
    }

    private BenchReport.Documents measured(
            List<byte[]> documents,
            int inFlight,
            double defer,
            double seconds,
            double tokenLevelTokensPerSecond,
            Function<byte[], Step<Certified>> read) {
        LanguageModel empty = model.withEmptyCache();
        MeasuredModel measured = new MeasuredModel(empty);
        Deadline deadline = Deadline.inSeconds(seconds);
        List<Double> logProbs = new ArrayList<>();
        List<Integer> lengths = new ArrayList<>();
        try (EmbeddedTrieLmService service = model.serviceOver(measured)) {
            new StepPipeline(service, inFlight).forEach(whileThereIsTime(documents, deadline), read, (text, sum) -> {
                logProbs.add(sum.logLower());
                lengths.add(text.length);
            });
            double elapsed = deadline.secondsElapsed();
            ServiceStatistics statistics = service.statistics();
            long bytes = lengths.stream().mapToLong(length -> length).sum();
            return new BenchReport.Documents(
                    defer,
                    bytes,
                    bytes / elapsed,
                    (double) statistics.evaluations() / bytes,
                    tokenLevelTokensPerSecond,
                    statistics.meanBatch(),
                    (double) statistics.cacheHits() / statistics.requests(),
                    measured.nanos() / 1e9 / elapsed,
                    -logProbs.stream().mapToDouble(log -> log).sum() / bytes);
        }
    }

    /** Whole documents only: a part of one has no end to sum up at. */
    private static Iterable<byte[]> whileThereIsTime(List<byte[]> documents, Deadline deadline) {
        return () -> documents.stream().takeWhile(text -> !deadline.isOver()).iterator();
    }
}
