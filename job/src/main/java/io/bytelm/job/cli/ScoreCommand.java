package io.bytelm.job.cli;

import io.bytelm.job.FlinkSettings;
import io.bytelm.job.JobModel;
import io.bytelm.job.ScoreFormat;
import io.bytelm.job.ScoringSettings;
import io.bytelm.job.ScoringTopology;
import io.bytelm.job.TemporaryDirectory;
import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.check.ClusterCheck;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.wire.SourceFields;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.ModelChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Scores a Kafka topic, in this process or on the cluster that the program was submitted to. */
@Command(
        name = "score",
        header = "Score a Kafka topic, here or on a Flink cluster.",
        description = {
            "Scores bytes from a Kafka topic: log-likelihoods and next-byte distributions to another topic, exactly"
                    + " once.",
            "Runs in this process; submitted with 'flink run bytelm-job.jar score ...' it runs on the cluster."
        },
        footer = {"", "Example:", "  bytelm score --bootstrap localhost:9092 --in bytes --out scores --create-topics"})
final class ScoreCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            order = 12,
            defaultValue = "json",
            description = "How scores are written: json or protobuf. Default: ${DEFAULT-VALUE}.")
    private ScoreFormat format;

    @Option(
            names = "--no-source",
            order = 13,
            description = "Leave out of scores which input record they answer: its topic, partition, offset and"
                    + " timestamp.")
    private boolean noSource;

    @Mixin
    private ModelsOrServices model;

    @Mixin
    private ServiceOptions service;

    @Mixin
    private SessionTokenizations tokenizations;

    @Mixin
    private DeadEndOptions deadEnds;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private SessionOptions session;

    @Mixin
    private ObservingOptions observing;

    @Mixin
    private LimitOptions limits;

    @Mixin
    private FlinkOptions flink;

    @Option(
            names = "--allow-model-change",
            order = 405,
            description =
                    "Resumed sessions that were read with another model or other settings that change numbers begin"
                            + " anew, and say so. Without it the job stops.")
    private boolean allowModelChange;

    @Mixin
    private StartCheck check;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        ScoringSettings settings = settings();
        FlinkSettings flinkSettings = flink.settings();
        try (TemporaryDirectory temporary = TemporaryDirectory.create("bytelm-score-")) {
            StreamExecutionEnvironment env = flinkSettings.environment(temporary.path());
            if (check.isAll()) {
                return StartCheck.print(checkAll(env, settings), common.terminal(spec));
            }
            requireModel(env, settings);
            StartCheck.require(env, settings::memoryNeed, spec.commandLine().getErr());
            kafka.requireBrokerAndTopics();
            lookForEarlierJobs(env, settings.kafka());
            ScoringTopology.build(env, settings);
            Terminal terminal = common.terminal(spec);
            if (env instanceof LocalStreamEnvironment) {
                runHere(env, settings, checkpoints(flinkSettings), terminal);
            } else {
                env.execute(SecondJob.name(settings.kafka()));
            }
        }
        return 0;
    }

    private List<CheckLine> checkAll(StreamExecutionEnvironment env, ScoringSettings settings) {
        SessionDefaults defaults = settings.defaults();
        List<CheckLine> lines = new ArrayList<>(
                StartCheck.lines(settings.model(), defaults, SessionTokenizations.areCanonical(defaults)));
        boolean isReadable = !lines.get(0).isFinding();
        if (isReadable) {
            lines.addAll(new ClusterCheck(env).lines(settings.memoryNeed()));
        }
        lines.addAll(kafka.check());
        return lines;
    }

    /** In this process the model is opened instead, see {@link #runHere}. */
    private static void requireModel(StreamExecutionEnvironment env, ScoringSettings settings) {
        if (!(env instanceof LocalStreamEnvironment)) {
            UserChecks.requireEosTokensOfEach(settings.defaults(), settings.model());
        }
        if (SessionTokenizations.areCanonical(settings.defaults())) {
            StartCheck.requireCanonicalTokenizations(env, List.of(settings.model()));
        }
    }

    private ScoringSettings settings() {
        SessionDefaults sessions = tokenizations.applyTo(limits.applyTo(
                beam.defaults(BeamOptions.STREAM_THRESHOLD, session.emission(), session.maxChunkBytes())));
        SessionDefaults defaults = deadEnds.applyTo(
                sessions.withObserving(observing.observing(kafka.settings().alerts() != null)));
        JobModel scoring = model.settings(service.settings());
        if (scoring.combination() != null) {
            deadEnds.refuseCombined();
            SessionTokenizations.refuseDeferring(defaults);
            if (defaults.observing().settledTokens()) {
                throw new UserException("--settled-tokens means nothing with " + CombineOptions.COMBINE
                        + ": each model reads in tokens of its own; leave it out");
            }
        }
        return new ScoringSettings(
                kafka.settings(),
                scoring,
                defaults,
                session.settings(),
                format,
                noSource ? SourceFields.LEFT_OUT : SourceFields.WRITTEN,
                allowModelChange ? ModelChange.BEGINS_SESSIONS_ANEW : ModelChange.REFUSED);
    }

    /** Opens the model first: what is wrong with it is said at once, and not after the job's restarts. */
    private void runHere(
            StreamExecutionEnvironment env, ScoringSettings settings, String checkpoints, Terminal terminal)
            throws Exception {
        try (TrieLmService opened = settings.model().open()) {
            UserChecks.requireEosTokensOfEach(settings.defaults(), opened);
            SessionTokenizations.requireOffered(settings.defaults(), opened);
            printPlan(settings, checkpoints, terminal);
            env.execute(SecondJob.name(settings.kafka()));
        }
        terminal.line(
                "Done: all that was in topic %s is scored.", settings.kafka().in());
    }

    /** One that still runs forbids the start, unless this one goes on from its state; what an ended one has read is told. */
    private void lookForEarlierJobs(StreamExecutionEnvironment env, KafkaSettings kafka) throws Exception {
        boolean resumes = env.getConfiguration()
                .getOptional(StateRecoveryOptions.SAVEPOINT_PATH)
                .isPresent();
        Optional<String> running = SecondJob.onTheCluster(env, kafka);
        if (running.isPresent() && !resumes) {
            throw new UserException(running.get());
        }
        running.ifPresent(this::warn);
        if (!resumes) {
            if (!FlinkSettings.isApplication(env)) {
                SecondJob.refuseWhileTheGroupReads(kafka);
            }
            EarlierProgress.warningOf(kafka).ifPresent(this::warn);
        }
    }

    /** Of a job in this process. */
    private static String checkpoints(FlinkSettings flink) {
        String directory = flink.others()
                .getOrDefault(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                        Objects.requireNonNullElse(flink.checkpointDirectory(), ""));
        return directory.isEmpty() ? "temporary, gone at the end; --checkpoint-dir DIR keeps them" : "in " + directory;
    }

    private void warn(String line) {
        spec.commandLine().getErr().println("bytelm: warning: " + line);
    }

    private static void printPlan(ScoringSettings settings, String checkpoints, Terminal terminal) {
        KafkaSettings kafka = settings.kafka();
        SessionDefaults defaults = settings.defaults();
        terminal.line("Scoring topic %s at %s", terminal.styled(Style.BOLD, kafka.in()), kafka.bootstrap());
        terminal.line("  model         %s, %s", settings.model().name(), SessionTokenizations.described(defaults));
        terminal.line(
                "  scores        topic %s, %s, one a %s",
                kafka.out(),
                settings.format().name().toLowerCase(Locale.ROOT),
                defaults.emission().when().name().toLowerCase(Locale.ROOT));
        terminal.line(
                "  dead letters  %s", kafka.deadLetters() == null ? "logged here" : "topic " + kafka.deadLetters());
        terminal.line("  checkpoints   %s", checkpoints);
        terminal.line("  begins        %s, as group %s", kafka.start().name().toLowerCase(Locale.ROOT), kafka.group());
        terminal.line(kafka.bounded() ? "Ends at the topic's end." : "Runs until Ctrl-C.");
    }
}
