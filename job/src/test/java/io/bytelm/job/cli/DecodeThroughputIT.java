package io.bytelm.job.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * What a constraint costs: bytes per second of {@code decode} with one and without, in turns, median of as many runs as
 * {@code -Ddecode.throughput=RUNS} says. The regular expression allows nearly every text, so that both draw alike.
 */
@EnabledIfSystemProperty(named = "decode.throughput", matches = "\\d+")
class DecodeThroughputIT {
    private static final Pattern RATE = Pattern.compile("([0-9.]+) bytes/s");

    @Test
    void aConstraintCostsLessThanATwentieth() {
        int runs = Integer.getInteger("decode.throughput");
        double[] without = new double[runs];
        double[] with = new double[runs];
        bytesPerSecond(0, List.of());
        for (int run = 0; run < runs; run++) {
            without[run] = bytesPerSecond(run + 1, List.of());
            with[run] = bytesPerSecond(run + 1, List.of("--regex", "[^\\x00-\\x08\\x0b-\\x1f]*"));
        }
        double ratio = median(with) / median(without);
        System.out.printf(
                "bytes/s without %s, median %.1f; with %s, median %.1f; ratio %.3f%n",
                Arrays.toString(without), median(without), Arrays.toString(with), median(with), ratio);
        assertThat(ratio).isGreaterThan(0.95);
    }

    private static double bytesPerSecond(int seed, List<String> constraint) {
        List<String> args = List.of(
                "decode", "--prompt", "It was a dark and stormy night", "--max-bytes", "300", "--seed", "" + seed);
        CommandRun run =
                CommandRun.of(Stream.concat(args.stream(), constraint.stream()).toList());
        Matcher rate = RATE.matcher(run.out());
        assertThat(rate.find()).as(run.out() + run.err()).isTrue();
        return Double.parseDouble(rate.group(1));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
