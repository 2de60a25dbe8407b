package io.bytelm.job.likelihood.scoring;

import io.bytelm.dist.NextByteDistribution;
import io.bytelm.span.Splitter;
import io.bytelm.span.WholeText;
import io.bytelm.span.WordEnd;
import java.util.Arrays;
import java.util.BitSet;

/** Where words of a document end, and how probable it is that they do. For the task thread. */
final class WordEnds {
    /** Nothing is wanted of them. */
    static final WordEnds NONE = new WordEnds(new BitSet(), new double[0]);

    private final BitSet places;
    private final double[] logProbs;

    private WordEnds(BitSet places, double[] logProbs) {
        this.places = places;
        this.logProbs = logProbs;
    }

    static WordEnds of(Splitter splitter, byte[] document) {
        double[] untold = new double[document.length + 1];
        Arrays.fill(untold, Double.NaN);
        return new WordEnds(WholeText.wordEnds(splitter, document), untold);
    }

    /** Whether a word ends after so many bytes. */
    boolean isAt(int place) {
        return places.get(place);
    }

    /** The first such place from here on; -1 if there is none. */
    int firstFrom(int place) {
        return places.nextSetBit(place);
    }

    /** What may come after so many bytes. */
    void tell(int place, NextByteDistribution next) {
        logProbs[place] = WordEnd.logProb(next);
    }

    /** Log of the probability (nats) that the word ends after so many bytes; NaN if that was not told. */
    double logProb(int place) {
        return logProbs[place];
    }
}
