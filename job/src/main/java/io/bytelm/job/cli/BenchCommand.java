package io.bytelm.job.cli;

import io.bytelm.combine.Combination;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.RemoteModel;
import io.bytelm.job.UserException;
import io.bytelm.job.bench.BenchReport;
import io.bytelm.job.bench.BenchSettings;
import io.bytelm.job.bench.BenchTexts;
import io.bytelm.job.bench.Benchmark;
import io.bytelm.job.bench.CombinedComparison;
import io.bytelm.job.bench.RemoteComparison;
import io.bytelm.job.bench.Soak;
import io.bytelm.job.bench.SoakResult;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.service.grpc.RemoteSettings;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Measures one model on one file. */
@Command(
        name = "bench",
        description = {
            "Measures a model on a file, on this machine: how fast bytes are scored, streamed and prefilled,",
            "how that compares with scoring tokens, and what the time goes into."
        },
        footer = {"", "Example:", "  bytelm bench --in book.txt", "  bytelm bench --in book.txt --prune 0.05 --json"})
final class BenchCommand implements Runnable {
    @Option(names = "--in", paramLabel = "FILE", order = 1, required = true, description = "The file to read.")
    private Path in = Path.of("");

    @Option(names = "--json", order = 2, description = "Print one line of JSON instead of a table.")
    private boolean json;

    @Option(
            names = "--documents",
            paramLabel = "N",
            order = 3,
            defaultValue = "128",
            description = "How many documents are scored. Default: ${DEFAULT-VALUE}.")
    private int documents;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            order = 4,
            defaultValue = "128",
            description = "How many of them at once; the next begins when one is done. Default: ${DEFAULT-VALUE}.")
    private int inFlight;

    @Option(
            names = "--document-bytes",
            paramLabel = "BYTES",
            order = 5,
            defaultValue = "1024",
            description = "Length of a document. Default: ${DEFAULT-VALUE}.")
    private int documentBytes;

    @Option(
            names = "--sessions",
            paramLabel = "N",
            order = 6,
            split = ",",
            defaultValue = "1,8,32",
            description = "Streaming sessions at once, one measurement each. Default: ${DEFAULT-VALUE}.")
    private List<Integer> sessions = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "S",
            order = 7,
            defaultValue = "15",
            description = "Each measurement ends after so long. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(
            names = "--write-documents",
            paramLabel = "FILE",
            order = 8,
            description = "Also write the documents, one a line in hex, for another program to score.")
    private @Nullable Path documentsOut;

    @Option(
            names = "--soak-minutes",
            paramLabel = "M",
            order = 9,
            description = "Instead of all that, score the file over and over for so long, by one --model or by each of"
                    + " several at the same time, while some requests are given up and asked again; fails if memory grows"
                    + " by more than 5 %% after the first minute and the filling of the caches.")
    private @Nullable Double soakMinutes;

    @Option(
            names = "--k",
            paramLabel = "N",
            order = 200,
            defaultValue = "5",
            description = "Beam width: how many tokenizations are kept. Default: ${DEFAULT-VALUE}.")
    private int width;

    @Option(
            names = "--prune",
            paramLabel = "P",
            order = 201,
            split = ",",
            defaultValue = "0.05,0.01,0.001,0",
            description = "Prune thresholds that documents are scored with; the first one counts for all else. Default:"
                    + " ${DEFAULT-VALUE}.")
    private List<Double> thresholds = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            order = 10,
            defaultValue = "2",
            description =
                    "With --service, --combine or --constraint: how often each side has its turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(
            names = "--warm-up-rounds",
            paramLabel = "N",
            order = 11,
            defaultValue = "1",
            description =
                    "With --service, --combine or --constraint: rounds before those that count; the first half minute of both processes goes to"
                            + " the JVMs' compilers. Default: ${DEFAULT-VALUE}.")
    private int warmUpRounds;

    @Mixin
    private BenchTokenizations tokenizations;

    @Mixin
    private BenchConstraint constraint;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ServiceEndpoints endpoints;

    @Mixin
    private CombineOptions combine;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        Terminal terminal = common.terminal(spec);
        BenchSettings settings;
        BenchTexts texts;
        try {
            settings = new BenchSettings(
                    width,
                    thresholds,
                    tokenizations.deferring(),
                    documents,
                    inFlight,
                    documentBytes,
                    sessions,
                    seconds);
            texts = new BenchTexts(BenchFiles.read(in), documents, documentBytes);
        } catch (IllegalArgumentException e) {
            throw new UserException(in + ": " + e.getMessage(), e);
        }
        boolean hereAlone = endpoints.each().isEmpty() && !constraint.isGiven();
        if (soakMinutes != null && model.given() > 1 && !combine.isGiven() && hereAlone) {
            soak(settings, texts, model.eachForDocuments(service.benchSettings()), soakMinutes);
            return;
        }
        Combination combination = combine.combination(model.given());
        if (constraint.isGiven() && (combination != null || !endpoints.each().isEmpty())) {
            throw new UserException(
                    "bench --constraint draws with one model in this process; leave out --service and --combine");
        }
        if (combination != null) {
            combined(settings, texts, combination, terminal);
            return;
        }
        ModelSettings modelSettings = model.documentSettings(service.benchSettings());
        RemoteSettings remote = endpoints.settings();
        if (remote != null) {
            compare(settings, modelSettings, new RemoteModel(remote), terminal);
            return;
        }
        if (constraint.isGiven()) {
            requireRounds();
            requireTable("--constraint");
            constraint.compare(settings, texts, modelSettings, warmUpRounds, rounds, terminal);
            return;
        }
        if (documentsOut != null) {
            BenchFiles.write(documentsOut, texts.documents());
        }
        if (soakMinutes != null) {
            soak(settings, texts, List.of(modelSettings), soakMinutes);
            return;
        }
        Consumer<String> progress =
                json ? what -> {} : what -> terminal.line(terminal.styled(Style.DIM, "... " + what));
        BenchReport report = new Benchmark(settings, texts, progress).run(modelSettings);
        if (json) {
            out.println(BenchJson.of(report, modelSettings));
        } else {
            new BenchTable(terminal).print(report);
        }
    }

    /** Several models together and each alone, in turns. */
    private void combined(BenchSettings settings, BenchTexts texts, Combination combination, Terminal terminal) {
        requireRounds();
        if (!endpoints.each().isEmpty()
                || json
                || soakMinutes != null
                || !settings.deferring().isEmpty()) {
            throw new UserException("bench --combine measures models in this process and prints a table; leave out"
                    + " --service, --json, --soak-minutes and --tokenizations");
        }
        List<ModelSettings> models = model.eachForDocuments(service.benchSettings());
        CombinedComparison.Result result = new CombinedComparison(
                        settings, texts, what -> terminal.line(terminal.styled(Style.DIM, "... " + what)))
                .run(models, combination, warmUpRounds, rounds);
        new CombinedComparisonTable(terminal).print(result, models, combination, settings);
    }

    private void requireTable(String option) {
        if (json || soakMinutes != null) {
            throw new UserException("bench " + option + " prints a table; leave out --json and --soak-minutes");
        }
    }

    private void requireRounds() {
        if (rounds < 1) {
            throw new UserException("--rounds must be at least 1, got " + rounds);
        }
        if (warmUpRounds < 0) {
            throw new UserException("--warm-up-rounds must not be negative, got " + warmUpRounds);
        }
    }

    /** The model in this process and that of the services, in turns; each turn has texts of its own. */
    private void compare(BenchSettings settings, ModelSettings embedded, RemoteModel remote, Terminal terminal) {
        requireRounds();
        byte[] file = BenchFiles.read(in);
        int turnBytes = documents * documentBytes;
        int turns = RemoteComparison.turnsPerRound(settings);
        long wanted = (long) turns * (rounds + warmUpRounds) * turnBytes;
        if (file.length < wanted) {
            throw new UserException(
                    in + " has " + file.length + " bytes, but " + (rounds + warmUpRounds)
                            + " rounds of " + turns + " turns, those to warm up among them, with "
                            + documents + " documents of " + documentBytes + " bytes each take " + wanted
                            + ", so that no turn finds another's texts in a cache; take fewer rounds or documents, or a longer file");
        }
        RemoteComparison.Result result = new RemoteComparison(
                        settings, what -> terminal.line(terminal.styled(Style.DIM, "... " + what)))
                .run(
                        embedded,
                        remote,
                        turn -> new BenchTexts(
                                Arrays.copyOfRange(file, turn * turnBytes, (turn + 1) * turnBytes),
                                documents,
                                documentBytes),
                        warmUpRounds,
                        rounds);
        new RemoteComparisonTable(terminal).print(result, settings);
    }

    private void soak(BenchSettings settings, BenchTexts texts, List<ModelSettings> models, double minutes) {
        if (!(minutes > 0)) {
            throw new UserException("--soak-minutes must be more than 0, got " + minutes);
        }
        SoakLines lines = new SoakLines(common.terminal(spec));
        SoakResult result = new Soak(settings, texts, lines::minute).run(models, minutes);
        lines.end(result);
        String failure = result.failure();
        if (failure != null) {
            throw new UserException(failure);
        }
    }
}
