package io.bytelm.job.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * Two that took turns. A machine's speed drifts from minute to minute, so what is compared is the two turns of a round, which
 * come one right after the other.
 *
 * @param rounds at least one once measured
 */
public record SideBySide(List<Round> rounds) {
    /** Nothing yet. */
    static final SideBySide NONE = new SideBySide(List.of());

    /**
     * A turn each.
     *
     * @param embedded bytes per second
     * @param remote likewise
     */
    public record Round(double embedded, double remote) {}

    SideBySide plus(double embedded, double remote) {
        return new SideBySide(Stream.concat(rounds.stream(), Stream.of(new Round(embedded, remote)))
                .toList());
    }

    /** Bytes per second, the mean over the rounds. */
    public double embedded() {
        return rounds.stream().mapToDouble(Round::embedded).average().orElse(Double.NaN);
    }

    /** Bytes per second, the mean over the rounds. */
    public double remote() {
        return rounds.stream().mapToDouble(Round::remote).average().orElse(Double.NaN);
    }

    /** What the remote side reaches of the embedded one: the middle of the rounds' ratios. */
    public double ratio() {
        double[] ratios = rounds.stream()
                .mapToDouble(round -> round.remote() / round.embedded())
                .sorted()
                .toArray();
        int middle = ratios.length / 2;
        return ratios.length % 2 == 1 ? ratios[middle] : (ratios[middle - 1] + ratios[middle]) / 2;
    }
}
