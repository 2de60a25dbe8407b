package io.bytelm.job.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.job.CombinedModel;
import io.bytelm.job.FlinkSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.TemporaryDirectory;
import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.check.ClusterCheck;
import io.bytelm.job.kafka.TopicRange;
import io.bytelm.job.likelihood.LikelihoodRun;
import io.bytelm.job.likelihood.LikelihoodSettings;
import io.bytelm.job.likelihood.report.RowWriter;
import io.bytelm.job.likelihood.scoring.CanonicalScoring;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.span.SpanRule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a corpus, in this process or on the cluster that the program was submitted to. */
@Command(
        name = "likelihood",
        header = "Score the documents of a corpus, here or on a Flink cluster.",
        description = {
            "Tells how probable the model finds each document: a row each with its log-likelihood and bits per byte,",
            "totals, and a histogram. Stopped at any moment, the same command goes on where it was."
        },
        footer = {
            "",
            "Example:",
            "  bytelm likelihood --in book.txt --by line --out scores",
            "  bytelm likelihood --in 'corpus/*.jsonl.gz' --out scores --compare other-model",
            "  bytelm likelihood --in book.txt --out scores --spans words --span-space before --out-format csv"
        })
final class LikelihoodCommand implements Callable<Integer> {
    private static final long CHECKPOINT_INTERVAL_MILLIS = 2000;

    @Mixin
    private DocumentOptions documents;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            order = 2,
            required = true,
            description =
                    "Receives scores.jsonl (or .parquet, .csv), rejects.jsonl, summary.json and histogram.svg; until they"
                            + " are there, what is needed to go on.")
    private String out;

    @Option(
            names = "--out-format",
            paramLabel = "FORMAT",
            order = 8,
            defaultValue = "jsonl",
            description = "How rows are written: jsonl, parquet or csv. Default: ${DEFAULT-VALUE}.")
    private RowWriter.Format outFormat;

    @Mixin
    private WindowOptions windows;

    @Option(names = "--byte-logprobs", order = 12, description = "Also write the log-probability of every byte.")
    private boolean byteLogProbs;

    @Mixin
    private SpanOptions spans;

    @Option(
            names = "--report",
            order = 12,
            description = "Also write report.html, a page that needs no network: totals, the histogram, and some of the"
                    + " documents, with --byte-logprobs coloured by how surprising each byte is.")
    private boolean report;

    @Mixin
    private NormalizeOption normalize;

    @Option(
            names = "--compare",
            paramLabel = "DIR",
            order = 13,
            description = "Score the same bytes with this model too, and tell the difference for each document.")
    private @Nullable String compare;

    @Mixin
    private InFlightOptions inFlight;

    @Mixin
    private TopicRangeOptions topic;

    @Mixin
    private ModelsOrServices model;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private TokenizationOptions tokenizations;

    @Mixin
    private DeadEndOptions deadEnds;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private BatchJobOptions batch;

    @Mixin
    private StartCheck check;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        LikelihoodSettings settings = settings();
        FlinkSettings flink = batch.settings(CHECKPOINT_INTERVAL_MILLIS);
        Terminal terminal = common.terminal(spec);
        try (TemporaryDirectory temporary = TemporaryDirectory.create("bytelm-check-")) {
            // the run keeps its checkpoints in its output directory
            StreamExecutionEnvironment env = flink.withCheckpointDirectory(out).environment(temporary.path());
            if (check.isAll()) {
                return StartCheck.print(checkAll(env, settings), terminal);
            }
            StartCheck.require(env, settings::memoryNeed, spec.commandLine().getErr());
            if (settings.canonical() != null) {
                StartCheck.requireCanonicalTokenizations(env, settings.models());
            }
        }
        JsonNode summary = new LikelihoodRun(settings, flink, new LikelihoodScreen(terminal, settings)).run();
        if (summary != null) {
            new LikelihoodTable(terminal).print(summary, out);
        }
        return 0;
    }

    private static List<CheckLine> checkAll(StreamExecutionEnvironment env, LikelihoodSettings settings) {
        List<CheckLine> lines = new ArrayList<>();
        for (JobModel model : settings.models()) {
            lines.addAll(StartCheck.lines(model, settings.beam(), settings.canonical() != null));
        }
        if (lines.stream().noneMatch(CheckLine::isFinding)) {
            lines.addAll(new ClusterCheck(env).lines(settings.memoryNeed()));
        }
        return lines;
    }

    private LikelihoodSettings settings() {
        JobModel scoring = model.documentSettings(service.documentSettings());
        normalize.requireOf(scoring);
        TopicRange range = topic.range();
        if (range != null) {
            range.requireTopic();
        }
        try {
            SpanRule rule = spans.rule();
            if (rule != null) {
                refuseBesideSpans();
            }
            if (scoring.combination() != null) {
                deadEnds.refuseCombined();
            }
            CanonicalScoring canonical = tokenizations.canonical(byteLogProbs || rule != null);
            boolean isCombined = scoring.combination() != null;
            if (isCombined && canonical != null && canonical.defer() > 0) {
                throw SessionTokenizations.deferringSeveral();
            }
            return new LikelihoodSettings(
                    scoring,
                    compared(scoring),
                    documents.files(range != null),
                    range,
                    documents.settings(),
                    deadEnds.applyTo(beam.defaults(BeamOptions.STREAM_THRESHOLD)),
                    canonical,
                    windows.windows(),
                    new RowWriter.Plan(
                            outFormat, byteLogProbs, canonical != null, report, deadEnds.restarts(), normalize.isOn()),
                    rule,
                    inFlight.windows(canonical != null && rule == null && !isCombined),
                    inFlight.bytes(),
                    out);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private void refuseBesideSpans() {
        if (normalize.isOn()) {
            throw new UserException(
                    "--spans tells places in documents as they come, and with --normalize others are scored;"
                            + " leave one of them out");
        }
    }

    private @Nullable JobModel compared(JobModel scoring) {
        if (compare == null) {
            return null;
        }
        JobModel first =
                scoring instanceof CombinedModel several ? several.models().get(0) : scoring;
        if (first instanceof ModelSettings embedded) {
            Path directory = ModelDirectory.unlessBundled(Path.of(compare));
            String other = directory == null ? null : compare;
            ModelSettings second =
                    new ModelSettings(other, null, embedded.engineSettings(), embedded.service(), embedded.bos());
            normalize.requireOf(second);
            return second;
        }
        throw new UserException(
                "--compare opens a second model in this job, as --model does the first; with --service run"
                        + " likelihood once for each");
    }
}
