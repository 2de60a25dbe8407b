package io.bytelm.span;

import io.bytelm.span.SpanProgress.Advanced;
import io.bytelm.span.Splitter.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Moves decided bytes into spans, and ends these at borders. Used once, by one thread. */
final class Splitting {
    private final byte[] undecided;
    private final double[] logLikelihoods;
    private final double logLikelihood;
    private final List<Span> ended = new ArrayList<>();
    private long index;
    private long from;
    private long bytes;
    private byte[] text;
    private double logLikelihoodBefore;
    private @Nullable Double wordLogLikelihood;
    private int taken;

    /**
     * @param undecided what was undecided before, and is split now
     * @param logLikelihoods log P of the text before each of these bytes (nats)
     * @param logLikelihood log P of the text with all of them
     */
    Splitting(SpanProgress progress, byte[] undecided, double[] logLikelihoods, double logLikelihood) {
        this.undecided = undecided;
        this.logLikelihoods = logLikelihoods;
        this.logLikelihood = logLikelihood;
        this.index = progress.index();
        this.from = progress.from();
        this.bytes = progress.bytes();
        this.text = progress.text();
        this.logLikelihoodBefore = progress.logLikelihoodBefore();
        this.wordLogLikelihood = progress.wordLogLikelihood();
    }

    Advanced at(Split split) {
        for (int border : split.borders()) {
            take(border);
            end();
        }
        take(split.decided());
        byte[] rest = Arrays.copyOfRange(undecided, taken, undecided.length);
        double[] restLogs = Arrays.copyOfRange(logLikelihoods, taken, undecided.length);
        SpanProgress progress = new SpanProgress(
                split.state(), index, from, bytes, text, logLikelihoodBefore, rest, restLogs, wordLogLikelihood);
        return new Advanced(progress, ended);
    }

    private void take(int upTo) {
        int kept = Math.min(upTo - taken, SpanProgress.MOST_TEXT_BYTES - text.length);
        if (kept > 0) {
            int length = text.length;
            text = Arrays.copyOf(text, length + kept);
            System.arraycopy(undecided, taken, text, length, kept);
        }
        bytes += upTo - taken;
        taken = upTo;
    }

    private void end() {
        if (bytes == 0) {
            return;
        }
        double end = taken < undecided.length ? logLikelihoods[taken] : logLikelihood;
        ended.add(new Span(index, from, from + bytes, text, end - logLikelihoodBefore, wordLogLikelihood));
        index++;
        from += bytes;
        bytes = 0;
        text = new byte[0];
        logLikelihoodBefore = end;
        wordLogLikelihood = null;
    }
}
