package io.bytelm.job.likelihood.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class HistogramTest {
    @Test
    void quantilesAreThoseOfTheSortedValues() {
        Random random = new Random(5);
        double[] values = random.doubles(1001, 0.1, 9).toArray();
        Histogram histogram = new Histogram();
        Arrays.stream(values).forEach(histogram::add);
        Arrays.sort(values);

        for (double share : new double[] {0.001, 0.05, 0.5, 0.95, 1}) {
            double expected = values[(int) Math.ceil(share * values.length) - 1];
            assertThat(histogram.quantile(share)).isCloseTo(expected, within(Histogram.RESOLUTION));
        }
        assertThat(LongStream.of(histogram.bars(2, 4, 10)).sum()).isEqualTo(1001);
    }

    @Test
    void aPictureIsDrawnOfOneDocumentAndOfMany() {
        Statistics one = statistics(1.5);
        Statistics many = statistics(new Random(6).doubles(5000, 1, 3).toArray());

        for (List<HistogramPicture.Shown> shown : List.of(
                List.of(new HistogramPicture.Shown("one", one)),
                List.of(new HistogramPicture.Shown("many & <more>", many), new HistogramPicture.Shown("one", one)))) {
            assertThat(HistogramPicture.of(shown))
                    .startsWith("<svg")
                    .endsWith("</svg>\n")
                    .contains("50 %: 1.50")
                    .doesNotContain("NaN")
                    .doesNotContain("& <");
        }
    }

    private static Statistics statistics(double... bitsPerByte) {
        Statistics statistics = new Statistics();
        for (double bits : bitsPerByte) {
            ObjectNode row = new ObjectMapper().createObjectNode();
            row.put("bits_per_byte", bits).put("log_likelihood", -bits * 100 * Math.log(2));
            statistics.add(row, 100);
        }
        return statistics;
    }
}
