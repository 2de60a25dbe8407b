package io.bytelm.job.cli;

import io.bytelm.job.JobModel;
import io.bytelm.job.likelihood.LikelihoodRun;
import io.bytelm.job.likelihood.LikelihoodSettings;
import io.bytelm.job.likelihood.ScoringProgress;
import io.bytelm.job.terminal.ProgressBar;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows how a run goes: a bar on a terminal, and nothing that moves elsewhere. */
final class LikelihoodScreen implements LikelihoodRun.Listener {
    private static final double FIRST_ESTIMATE_SECONDS = 2;

    private final Terminal terminal;
    private final LikelihoodSettings settings;
    private @Nullable ProgressBar bar;
    private @Nullable ScoringProgress first;
    private long total;

    LikelihoodScreen(Terminal terminal, LikelihoodSettings settings) {
        this.terminal = terminal;
        this.settings = settings;
    }

    @Override
    public void takesOver(String job) {
        terminal.line("Job %s of an earlier command was still running; cancelled it to go on from its checkpoint", job);
    }

    @Override
    public void waitsForEarlierRun(Duration wait) {
        terminal.line(
                "Took the output directory over from an earlier run; waiting %d s until its tasks have stopped writing",
                wait.toSeconds());
    }

    @Override
    public void begins(JobModel model, @Nullable String checkpoint) {
        terminal.line(
                "Scoring %s with %s%s",
                input(),
                terminal.styled(Style.BOLD, model.name()),
                checkpoint == null ? "" : ", going on from checkpoint " + checkpoint);
        // At least 1: an empty input is not done before it has begun.
        total = Math.max(
                1,
                settings.topic() == null
                        ? settings.inputBytes()
                        : settings.topic().offsets());
        bar = new ProgressBar(terminal, total);
        first = null;
    }

    private String input() {
        if (settings.topic() != null) {
            return "topic " + settings.topic().topic();
        }
        int files = settings.files().size();
        return files + (files == 1 ? " file (" : " files (") + Quantities.bytes(settings.inputBytes()) + ")";
    }

    @Override
    public void goesOn(ScoringProgress progress) {
        if (bar == null || !terminal.isLive()) {
            return;
        }
        if (first == null && progress.documents() > 0) {
            first = progress;
        }
        String note = String.format(
                Locale.ROOT,
                "%,d documents  %s  %s/s  %s",
                progress.documents(),
                Quantities.bytes(progress.bytes()),
                Quantities.bytes((long) progress.bytesPerSecond()),
                timeLeft(progress));
        bar.show(Math.min(progress.inputLength(), total), note);
    }

    /** From the input done since the first report: what came before may be of an earlier run. */
    private String timeLeft(ScoringProgress progress) {
        if (first == null || progress.seconds() - first.seconds() < FIRST_ESTIMATE_SECONDS) {
            return "";
        }
        double rate = (progress.inputLength() - first.inputLength()) / (progress.seconds() - first.seconds());
        long left = total - progress.inputLength();
        return rate > 0 ? Quantities.seconds(Math.max(0, left) / rate) + " left" : "";
    }

    @Override
    public void leavesAlone(String output) {
        terminal.line("The job goes on alone (detached); flink list shows whether it still runs.");
        terminal.line(
                "When it has ended, run the same command without --detached: it scores nothing again, and writes the"
                        + " results into %s. Run sooner, it takes the job over and finishes it.",
                output);
        if (settings.comparedModel() != null) {
            terminal.line("The second model is scored by that command too.");
        }
    }

    @Override
    public void ends() {
        if (bar != null) {
            bar.finish();
            bar = null;
        }
    }
}
