package io.bytelm.job.likelihood.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bytelm.job.likelihood.scoring.RowLine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Chooses what the page shows as rows pass by, in memory that does not grow with their number: the most and the least
 * surprising documents, some at random, those about which two models differ most, and points for a picture. The same rows in
 * the same order give the same sample.
 */
public final class ReportSample {
    /** Documents of each kind. */
    private static final int EACH = 6;

    private static final int MOST_POINTS = 2000;

    /** Extremes are of longer documents: a byte or two say little. */
    private static final int LEAST_BYTES = 16;

    private static final long SEED = 1;

    private final Extremes most = new Extremes(Comparator.comparingDouble(SampledDocument::bits));
    private final Extremes least =
            new Extremes(Comparator.comparingDouble(SampledDocument::bits).reversed());
    private final Extremes differing =
            new Extremes(Comparator.comparingDouble(document -> Math.abs(document.difference())));
    private final List<SampledDocument> random = new ArrayList<>();
    private final List<double[]> points = new ArrayList<>();
    private final Random draws = new Random(SEED);
    private long seen;
    private long compared;

    /** Those that come last by an order, the last one first. */
    private static final class Extremes {
        private final Comparator<SampledDocument> order;
        private final PriorityQueue<SampledDocument> kept;

        Extremes(Comparator<SampledDocument> order) {
            this.order = order;
            this.kept = new PriorityQueue<>(order);
        }

        void offer(SampledDocument document) {
            kept.add(document);
            if (kept.size() > EACH) {
                kept.remove();
            }
        }

        boolean wants(SampledDocument document) {
            return kept.size() < EACH || order.compare(document, kept.element()) > 0;
        }

        List<SampledDocument> inOrder() {
            return kept.stream().sorted(order.reversed()).toList();
        }
    }

    /**
     * Considers a document, and takes from its rows what no result has.
     *
     * @param key that of the row's line
     * @param other the compared model's row, with which the document is compared if it says bits; null if there is none
     */
    public void offer(String key, ObjectNode row, @Nullable ObjectNode other) throws IOException {
        if (hasBits(row)) {
            choose(key, row, other != null && hasBits(other) ? other : null);
        }
        forget(row);
        if (other != null) {
            forget(other);
        }
    }

    /** Not if it has no bytes, or all were left out. */
    private static boolean hasBits(ObjectNode row) {
        return row.path("bits_per_byte").isNumber();
    }

    /** Takes from a row what no result has. */
    public static void forget(ObjectNode row) {
        row.remove(RowLine.BEGINNING);
    }

    private void choose(String key, ObjectNode row, @Nullable ObjectNode other) throws IOException {
        SampledDocument document = SampledDocument.of(key, row, other);
        seen++;
        place(random, EACH, seen, document);
        if (other != null) {
            compared++;
            place(points, MOST_POINTS, compared, new double[] {document.bits(), document.bits() + document.difference()
            });
        }
        if (document.bytes() < LEAST_BYTES) {
            return;
        }
        for (Extremes extremes : List.of(most, least, differing)) {
            if (extremes.wants(document)) {
                extremes.offer(document);
            }
        }
    }

    /**
     * Reservoir sampling (Vitter 1985, algorithm R): each is kept equally likely.
     *
     * @param count how many there have been, with this one
     */
    private <T> void place(List<T> kept, int size, long count, T next) {
        if (kept.size() < size) {
            kept.add(next);
            return;
        }
        long at = (long) (draws.nextDouble() * count);
        if (at < size) {
            kept.set((int) at, next);
        }
    }

    /** All that are shown; some more than once. */
    List<SampledDocument> documents() {
        return Stream.of(mostSurprising(), leastSurprising(), mostDiffering(), atRandom())
                .flatMap(List::stream)
                .toList();
    }

    List<SampledDocument> mostSurprising() {
        return most.inOrder();
    }

    List<SampledDocument> leastSurprising() {
        return least.inOrder();
    }

    /** In the order of the input. */
    List<SampledDocument> atRandom() {
        return List.copyOf(random);
    }

    /** Empty where one model was asked. */
    List<SampledDocument> mostDiffering() {
        return isCompared() ? differing.inOrder() : List.of();
    }

    /** Bits per byte by the first and by the compared model; empty where one model was asked. */
    List<double[]> points() {
        return List.copyOf(points);
    }

    boolean isCompared() {
        return !points.isEmpty();
    }
}
