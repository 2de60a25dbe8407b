package io.bytelm.job.likelihood.report;

import java.util.List;
import java.util.Locale;

/** Documents as points: bits per byte by one model to the right, by the other one upwards. SVG in the page's colours. */
final class ScatterPicture {
    private static final int SIZE = 480;
    private static final int MARGIN = 56;
    private static final int TICKS = 5;

    private final List<double[]> points;
    private final String first;
    private final String second;
    private final double from;
    private final double to;
    private final StringBuilder svg = new StringBuilder();

    private ScatterPicture(List<double[]> points, String first, String second) {
        this.points = points;
        this.first = first;
        this.second = second;
        double least = points.stream().mapToDouble(p -> Math.min(p[0], p[1])).min().orElse(0);
        double most = points.stream().mapToDouble(p -> Math.max(p[0], p[1])).max().orElse(1);
        double margin = Math.max(0.05, (most - least) * 0.05);
        this.from = Math.max(0, least - margin);
        this.to = most + margin;
    }

    /**
     * @param points not empty
     * @param first what one model is called, escaped
     * @param second the other one, escaped
     */
    static String of(List<double[]> points, String first, String second) {
        return new ScatterPicture(points, first, second).drawn();
    }

    private String drawn() {
        add("<svg class=\"scatter\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Bits per byte by both models\">", SIZE, SIZE);
        add("<path class=\"axis\" d=\"M%1$d %1$d V%2$d H%2$d\"/>", MARGIN, SIZE - MARGIN);
        add("<path class=\"same\" d=\"M%.1f %.1f L%.1f %.1f\"/>", x(from), y(from), x(to), y(to));
        for (int tick = 0; tick <= TICKS; tick++) {
            double bits = from + (to - from) * tick / TICKS;
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.2f</text>", x(bits), SIZE - MARGIN + 18, bits);
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.2f</text>", MARGIN - 6, y(bits) + 4, bits);
        }
        for (double[] point : points) {
            add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>", x(point[0]), y(point[1]));
        }
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">".formatted(SIZE / 2, SIZE - 14))
                .append(first)
                .append(", bits per byte</text>\n<text transform=\"translate(14 %d) rotate(-90)\" text-anchor=\"middle\">"
                        .formatted(SIZE / 2))
                .append(second)
                .append(", bits per byte</text>\n</svg>\n");
        return svg.toString();
    }

    private double x(double bits) {
        return MARGIN + (bits - from) / (to - from) * (SIZE - 2 * MARGIN);
    }

    private double y(double bits) {
        return SIZE - x(bits);
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
