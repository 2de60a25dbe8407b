package io.bytelm.job.likelihood.scoring;

import io.bytelm.job.likelihood.document.Item;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A document whose windows are being scored. Used by one thread. */
final class DocumentInFlight {
    private static final double[] NONE = {};

    private final Item item;
    private final List<Window> windows;
    private final double[] byteLogProbs;
    private final WordEnds wordEnds;
    private final double[] logLikelihoods;
    private final double[] logLikelihoodsUpper;
    private int begun;
    private int ended;
    private long evaluations;
    private int truncatedBytes;
    private int deadAt = -1;

    DocumentInFlight(Item item, Windows windows, boolean wantsBytes, WordEnds wordEnds) {
        this.item = item;
        this.windows = windows.of(item.bytes().length);
        this.byteLogProbs = wantsBytes ? new double[item.bytes().length] : NONE;
        this.wordEnds = wordEnds;
        this.logLikelihoods = new double[this.windows.size()];
        this.logLikelihoodsUpper = new double[this.windows.size()];
    }

    Item item() {
        return item;
    }

    int windows() {
        return windows.size();
    }

    double[] byteLogProbs() {
        return byteLogProbs;
    }

    WordEnds wordEnds() {
        return wordEnds;
    }

    long evaluations() {
        return evaluations;
    }

    /** For how many bytes the model has read a shortened context. */
    int truncatedBytes() {
        return truncatedBytes;
    }

    /** The next window to score; null if all are begun, or the rest does not matter any more. */
    @Nullable
    Window next() {
        return hasMore() ? windows.get(begun) : null;
    }

    /** The next window, if there is one, is being scored. */
    void begin() {
        if (hasMore()) {
            begun++;
        }
    }

    /** Whether a window is left to begin. */
    boolean hasMore() {
        return deadAt < 0 && begun < windows.size();
    }

    void end(int window, WindowScoring.Result result, long asked) {
        ended++;
        evaluations += asked;
        truncatedBytes += result.truncatedBytes();
        logLikelihoods[window] = result.logLikelihood();
        logLikelihoodsUpper[window] = result.logLikelihoodUpper();
        if (result.logLikelihood() == Double.NEGATIVE_INFINITY) {
            deadAt = deadAt < 0 ? result.read() : Math.min(deadAt, result.read());
        }
    }

    boolean isDone() {
        return ended == begun && !hasMore();
    }

    /** How many bytes were read when nothing went on with the last of them; -1 if that was not so. */
    int deadAt() {
        return deadAt;
    }

    /** Of all bytes (nats), summed in the windows' order. */
    double logLikelihood() {
        return sum(logLikelihoods);
    }

    /** The same, at most: what it is less than was not evaluated. */
    double logLikelihoodUpper() {
        return sum(logLikelihoodsUpper);
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
