package io.bytelm.job.cli;

import io.bytelm.decode.Decoding;
import io.bytelm.decode.Draft;
import io.bytelm.decode.ReadText;
import io.bytelm.decode.TextOfModels;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.service.TrieLmService;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Shows an output as it comes: what was drawn, dim what was forced; of several outputs a table at the end. */
final class DecodeView {
    private static final double NANOS_PER_SECOND = 1e9;

    private final Terminal terminal;
    private final BlockingModel model;
    private final long startNanos = System.nanoTime();
    private final long callsBefore;
    private int shown;

    DecodeView(Terminal terminal, BlockingModel model) {
        this.terminal = terminal;
        this.model = model;
        this.callsBefore = model.calls();
    }

    /** What was forced before the first draw. */
    void begin(Decoding decoding) {
        if (decoding.drafts().size() == 1) {
            add(decoding.drafts().get(0).bytes(), 0);
        }
    }

    /** What the last round has added. */
    void show(Decoding decoding) {
        if (decoding.drafts().size() == 1) {
            add(decoding.drafts().get(0).bytes(), 1);
        }
    }

    private void add(byte[] bytes, int drawn) {
        int forcedFrom = Math.min(bytes.length, shown + drawn);
        write(Arrays.copyOfRange(bytes, shown, forcedFrom), Style.BOLD);
        write(Arrays.copyOfRange(bytes, forcedFrom, bytes.length), Style.DIM);
        shown = bytes.length;
    }

    private void write(byte[] bytes, Style style) {
        if (bytes.length > 0) {
            terminal.bytes(bytes, style);
        }
    }

    /** @param chosen the index of the particle that is the output */
    void end(Decoding decoding, int chosen) {
        double seconds = (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
        if (decoding.drafts().size() > 1) {
            table(decoding, chosen);
        } else {
            terminal.emptyLine();
        }
        Draft output = decoding.drafts().get(chosen);
        int bytes = decoding.drafts().stream().mapToInt(d -> d.bytes().length).sum();
        terminal.line(
                "%d bytes, %s, log P = %.4f, log weight = %.4f, %.1f bytes/s, %d model calls",
                output.bytes().length,
                ending(output),
                output.logLikelihood(),
                output.logWeight(),
                bytes / seconds,
                model.calls() - callsBefore);
        if (output.text().logProb().gap() > 0) {
            terminal.line(
                    "that is from below; with what was deferred log P is at most %.4f",
                    output.text().logProb().logUpper());
        }
        if (decoding.drafts().size() > 1) {
            terminal.line(
                    "estimated log P(constraint) = %.4f, effective sample size %.1f of %d",
                    decoding.logConstraintProbability(),
                    decoding.effectiveSampleSize(),
                    decoding.drafts().size());
        }
        printTruncated(decoding);
    }

    private void printTruncated(Decoding decoding) {
        List<TrieLmService> models = model.service().models();
        List<Integer> longest = new ArrayList<>(Collections.nCopies(models.size(), 0));
        for (Draft draft : decoding.drafts()) {
            for (int i = 0; i < models.size(); i++) {
                ReadText read = draft.text() instanceof TextOfModels ofModels
                        ? ofModels.parts().get(i)
                        : draft.text();
                longest.set(i, Math.max(longest.get(i), read.longestContext()));
            }
        }
        if (models.size() == 1) {
            TruncatedLine.print(longest.get(0), model.contextTokens(), terminal);
        } else {
            TruncatedLine.printEach(longest, models, terminal);
        }
    }

    private void table(Decoding decoding, int chosen) {
        Table table = new Table(terminal, "", ">log weight", ">log P", "output");
        for (int i = 0; i < decoding.drafts().size(); i++) {
            Draft draft = decoding.drafts().get(i);
            table.row(
                    i == chosen ? "*" : "",
                    String.format(Locale.ROOT, "%.4f", draft.logWeight()),
                    String.format(Locale.ROOT, "%.4f", draft.logLikelihood()),
                    ByteText.of(draft.bytes()));
        }
        table.print();
    }

    private static String ending(Draft output) {
        return switch (Objects.requireNonNull(output.ending())) {
            case EOS -> "ended by EOS";
            case COMPLETE -> "complete";
            case STOP -> "stopped";
            case BUDGET -> "the budget is spent";
            case DEAD_END -> "dead end: no tokenization gives anything allowed a probability";
        };
    }
}
