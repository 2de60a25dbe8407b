package io.bytelm.job.likelihood;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.job.FlinkSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.TemporaryDirectory;
import io.bytelm.job.likelihood.ownership.Owner;
import io.bytelm.job.likelihood.report.ReportSample;
import io.bytelm.job.likelihood.report.ReportSpans;
import io.bytelm.job.likelihood.report.Results;
import io.bytelm.job.likelihood.report.Results.Pass;
import io.bytelm.job.likelihood.report.Statistics;
import io.bytelm.span.SpanRule;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/**
 * A run from documents to results: one pass of scoring a model, then the results. Wherever it is stopped, the same run
 * goes on there: with a pass from its last checkpoint, with the results from their beginning.
 */
public final class LikelihoodRun {
    private static final String ROWS = "scores";
    private static final String SPANS = "spans";
    private static final String REJECTS = "rejects.jsonl";
    private static final String HISTOGRAM = "histogram.svg";
    private static final String REPORT = "report.html";

    private final LikelihoodSettings settings;
    private final FlinkSettings flink;
    private final Listener listener;

    /** Is told how the run goes, by the thread that runs it. */
    public interface Listener {
        /** @param job the id of a job on the cluster that an earlier command had left there, and that has been cancelled */
        void takesOver(String job);

        /** Tasks of an earlier run may still be writing; that ends in a moment, also where nobody can reach them. */
        void waitsForEarlierRun(Duration wait);

        /** @param checkpoint the one that the pass goes on from; null if it begins */
        void begins(JobModel model, @Nullable String checkpoint);

        void goesOn(ScoringProgress progress);

        /** The job was submitted detached: it goes on alone, and the same run started again makes the results of it. */
        void leavesAlone(String output);

        /** A pass is over, and the next one begins or results are made. */
        void ends();
    }

    public LikelihoodRun(LikelihoodSettings settings, FlinkSettings flink, Listener listener) {
        this.settings = settings;
        this.flink = flink;
        this.listener = listener;
    }

    /**
     * Does what is left to do.
     *
     * @return the summary, as it is in the file; null if a job was submitted detached and goes on alone
     * @throws io.bytelm.job.UserException if the output directory holds a run with other settings, or cannot be written
     */
    public @Nullable JsonNode run() throws Exception {
        Map<String, String> identity = settings.ofResults();
        try (OutputDirectory output = OutputDirectory.open(settings.output());
                TemporaryDirectory temporary = TemporaryDirectory.create("bytelm-likelihood-")) {
            output.begin(identity, settings.files());
            if (!output.isComplete()) {
                Owner owner = takeOver(output);
                output.begin(identity, settings.files()); // what a run beside this one began or ended meanwhile
                if (!output.isComplete() && !finish(output, owner, identity, temporary)) {
                    listener.leavesAlone(output.toString());
                    return null;
                }
            }
            output.forgetState();
            return output.read(output.file(OutputDirectory.SUMMARY));
        }
    }

    /** Ends the right of all others to write, and returns when none of them can be writing any more. */
    private Owner takeOver(OutputDirectory output) throws Exception {
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        Owner.Claim claim = output.claim(!(output.isLocal() && env instanceof LocalStreamEnvironment));
        long claimedNanos = System.nanoTime();
        EarlierJobs.cancel(env, output.toString()).forEach(listener::takesOver);
        if (claim.leasedBefore()) {
            listener.waitsForEarlierRun(Owner.LONGEST_LEASE);
            Thread.sleep(Math.max(0, claimedNanos + Owner.LONGEST_LEASE.toNanos() - System.nanoTime()) / 1_000_000 + 1);
        }
        return claim.owner();
    }

    /** False if a pass goes on without this process. */
    private boolean finish(
            OutputDirectory output, Owner owner, Map<String, String> identity, TemporaryDirectory temporary)
            throws Exception {
        List<JobModel> models = settings.models();
        List<Map<String, Object>> speeds = new ArrayList<>();
        List<Pass> passes = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            PassDirectory directory = output.pass(i + 1);
            if (!directory.isFinished()) {
                ScoringProgress last = score(models.get(i), output, owner, directory, temporary);
                if (last == null) {
                    return false;
                }
                speeds.add(speed(models.get(i), last));
            }
            passes.add(new Pass(
                    models.get(i).name(),
                    directory.committed(directory.rows()),
                    directory.committed(directory.rejects()),
                    directory.committed(directory.spans())));
        }
        publish(output, identity, passes, speeds, new Results(temporary.path()));
        return true;
    }

    private @Nullable ScoringProgress score(
            JobModel model, OutputDirectory output, Owner owner, PassDirectory directory, TemporaryDirectory temporary)
            throws Exception {
        org.apache.flink.core.fs.Path checkpoint = directory.lastCheckpoint();
        listener.begins(model, checkpoint == null ? null : checkpoint.getName());
        try {
            String name = "ByteLM: likelihood by " + model.name() + EarlierJobs.nameEnd(output.toString());
            return new ScoringPass(settings, flink, temporary.path(), name)
                    .run(model, directory, owner, listener::goesOn);
        } finally {
            listener.ends();
        }
    }

    private static Map<String, Object> speed(JobModel model, ScoringProgress last) {
        Map<String, Object> speed = new LinkedHashMap<>();
        speed.put("model", model.name());
        speed.put("bytes_per_second", last.bytesPerSecond());
        speed.put("bytes", last.bytesOfThisRun());
        speed.put("seconds", last.seconds());
        return speed;
    }

    /** Writes the spans, if there are any, and returns those that the page shows. */
    private ReportSpans writeSpans(
            OutputDirectory output, List<Pass> passes, Results results, ReportSample sample, SpanRule rule)
            throws IOException {
        ReportSpans shown = ReportSpans.of(sample);
        results.writeSpans(passes, settings.rows(), rule.tellsWordEnds(), shown, output.unfinished(spansFile()));
        return shown;
    }

    private String spansFile() {
        return SPANS + settings.rows().format().suffix();
    }

    /** The summary comes last: where it is, the run is complete. */
    private void publish(
            OutputDirectory output,
            Map<String, String> identity,
            List<Pass> passes,
            List<Map<String, Object>> speeds,
            Results results)
            throws IOException {
        String rows = ROWS + settings.rows().format().suffix();
        ReportSample sample = new ReportSample();
        List<Statistics> statistics = results.writeRows(passes, settings.rows(), sample, output.unfinished(rows));
        Map<String, Long> rejects = results.writeRejects(passes, output.unfinished(REJECTS));
        boolean drawn = results.drawHistogram(passes, statistics, output.unfinished(HISTOGRAM));
        SpanRule rule = settings.spans();
        ReportSpans spans = rule == null ? ReportSpans.none() : writeSpans(output, passes, results, sample, rule);
        boolean told = settings.rows().report()
                && results.writeReport(passes, statistics, sample, spans, output.unfinished(REPORT));
        output.appear(output.unfinished(rows), output.file(rows));
        if (rule != null) {
            output.appear(output.unfinished(spansFile()), output.file(spansFile()));
        }
        output.appear(output.unfinished(REJECTS), output.file(REJECTS));
        if (drawn) {
            output.appear(output.unfinished(HISTOGRAM), output.file(HISTOGRAM));
        }
        if (told) {
            output.appear(output.unfinished(REPORT), output.file(REPORT));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        List<Map<String, Object>> models = new ArrayList<>();
        for (int i = 0; i < passes.size(); i++) {
            Map<String, Object> model = new LinkedHashMap<>();
            model.put("name", passes.get(i).name());
            model.putAll(Results.totals(statistics.get(i)));
            models.add(model);
        }
        summary.put("models", models);
        summary.put("rejects", rejects);
        summary.put("throughput_since_last_start", speeds);
        summary.put(OutputDirectory.SETTINGS_FIELD, identity);
        output.write(output.unfinished(OutputDirectory.SUMMARY), summary);
        output.appear(output.unfinished(OutputDirectory.SUMMARY), output.file(OutputDirectory.SUMMARY));
    }
}
