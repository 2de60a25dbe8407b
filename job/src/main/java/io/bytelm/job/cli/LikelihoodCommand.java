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
import io.bytelm.job.likelihood.scoring.Windows;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.span.SpanRule;
import io.bytelm.vocab.TextNormalizer;
import io.bytelm.vocab.VocabularyException;
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
    private static final int MEBIBYTE_SHIFT = 20;
    private static final long CHECKPOINT_INTERVAL_MILLIS = 2000;
    private static final int IN_FLIGHT = 128;
    /** A batch then has neighbouring contexts of few documents, which read the states before them together. */
    private static final int IN_FLIGHT_OF_KNOWN_CONTEXTS = 8;

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

    @Option(
            names = "--window-bytes",
            paramLabel = "BYTES",
            order = 10,
            defaultValue = "0",
            description =
                    "Score long documents in windows of so many bytes, each read from its own beginning; 0 reads on,"
                            + " and the model forgets its oldest tokens. Default: ${DEFAULT-VALUE}.")
    private int windowBytes;

    @Option(
            names = "--stride-bytes",
            paramLabel = "BYTES",
            order = 11,
            description =
                    "How far a window begins after the one before: so many bytes of each count, after the others as"
                            + " context. Default: half a window.")
    private @Nullable Integer strideBytes;

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

    @Option(
            names = "--normalize",
            order = 12,
            description =
                    "Score each document as the tokenizer's own normalizer leaves it (NFC, lower case, ...); rows say how"
                            + " many bytes that are. By default bytes are scored as they come.")
    private boolean normalize;

    @Option(
            names = "--compare",
            paramLabel = "DIR",
            order = 13,
            description = "Score the same bytes with this model too, and tell the difference for each document.")
    private @Nullable String compare;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            order = 20,
            description = "Documents (or windows) that a TaskManager scores at the same time, fewer if the state cache"
                    + " does not hold them; more fill batches better. As many wait, and the longest begins first."
                    + " Default: 128; 8 where one document fills batches (canonical tokenizations, without --spans).")
    private @Nullable Integer inFlight;

    @Option(
            names = "--in-flight-mb",
            paramLabel = "MIB",
            order = 21,
            defaultValue = "16",
            description = "The most bytes of documents that a subtask holds, one longer document excepted."
                    + " Default: ${DEFAULT-VALUE}.")
    private long inFlightMebibytes;

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
        requireNormalizer(scoring);
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
            boolean knowsContexts = canonical != null && rule == null && !isCombined;
            int usualInFlight = knowsContexts ? IN_FLIGHT_OF_KNOWN_CONTEXTS : IN_FLIGHT;
            int atOnce = inFlight == null ? usualInFlight : inFlight;
            if (atOnce < 1 || inFlightMebibytes < 1) {
                throw new IllegalArgumentException("--in-flight and --in-flight-mb must be at least 1");
            }
            int stride = strideBytes == null ? Math.max(1, windowBytes / 2) : strideBytes;
            Windows windows = windowBytes == 0 ? Windows.NONE : new Windows(windowBytes, stride);
            return new LikelihoodSettings(
                    scoring,
                    compared(scoring),
                    documents.files(range != null),
                    range,
                    documents.settings(),
                    deadEnds.applyTo(beam.defaults(BeamOptions.STREAM_THRESHOLD)),
                    canonical,
                    windows,
                    new RowWriter.Plan(
                            outFormat, byteLogProbs, canonical != null, report, deadEnds.restarts(), normalize),
                    rule,
                    atOnce,
                    inFlightMebibytes << MEBIBYTE_SHIFT,
                    out);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    private void refuseBesideSpans() {
        deadEnds.refuseBeside("--spans");
        if (normalize) {
            throw new UserException(
                    "--spans tells places in documents as they come, and with --normalize others are scored;"
                            + " leave one of them out");
        }
    }

    /** Told here, and not when the job has started. */
    private void requireNormalizer(JobModel scoring) {
        if (!normalize) {
            return;
        }
        if (!(scoring instanceof ModelSettings embedded)) {
            String other = scoring.combination() == null ? "--service" : CombineOptions.COMBINE;
            throw new UserException("--normalize runs the normalizer of the model's own tokenizer.json, and with "
                    + other + " there is none, or not one; leave one of them out");
        }
        try {
            var unused = TextNormalizer.ofModelDirectory(embedded.resolvedDirectory());
        } catch (VocabularyException e) {
            throw new UserException("--normalize: " + e.getMessage(), e);
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
            requireNormalizer(second);
            return second;
        }
        throw new UserException(
                "--compare opens a second model in this job, as --model does the first; with --service run"
                        + " likelihood once for each");
    }
}
