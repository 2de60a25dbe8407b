package io.bytelm.job.likelihood.report;

import java.util.List;
import java.util.Locale;

/** A histogram of bits per byte as SVG: one model as bars, a second one as an outline, quantiles as marks. */
public final class HistogramPicture {
    private static final int WIDTH = 860;
    private static final int HEIGHT = 540;
    private static final int LEFT = 70;
    private static final int RIGHT = 24;
    private static final int TOP = 48;
    private static final int LEGEND_HEIGHT = 17;
    private static final int LABEL_ROWS = 4;
    private static final int LABEL_HEIGHT = 13;
    private static final int BOTTOM = 58;
    private static final int BARS = 64;
    private static final double OUTER_SHARE = 0.002;
    private static final double MARGIN_BITS = 0.05;
    private static final double[] QUANTILES = {0.05, 0.25, 0.5, 0.75, 0.95};
    private static final List<String> COLOURS = List.of("#4c78a8", "#d1602f");

    private final List<Shown> models;
    private final double from;
    private final double to;
    private final long highest;
    private final StringBuilder svg = new StringBuilder();

    /**
     * A model in the picture.
     *
     * @param name what it is called
     */
    public record Shown(String name, Statistics statistics) {}

    private HistogramPicture(List<Shown> models) {
        this.models = models;
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (Shown model : models) {
            least = Math.min(least, model.statistics.histogram().quantile(OUTER_SHARE) - MARGIN_BITS);
            most = Math.max(most, model.statistics.histogram().quantile(1 - OUTER_SHARE) + MARGIN_BITS);
        }
        double step = Ticks.step(most - least, 8);
        this.from = Math.max(0, Math.floor(least / step) * step);
        this.to = Math.ceil(most / step + 1e-9) * step;
        long high = 1;
        for (Shown model : models) {
            for (long bar : bars(model)) {
                high = Math.max(high, bar);
            }
        }
        this.highest = high;
    }

    /** @param models one or two, each with at least one document that has bytes */
    public static String of(List<Shown> models) {
        return new HistogramPicture(models).draw();
    }

    private long[] bars(Shown model) {
        return model.statistics.histogram().bars(from, to, BARS);
    }

    private String draw() {
        add(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"Helvetica, Arial, sans-serif\" font-size=\"12\" fill=\"#333\">",
                WIDTH, HEIGHT, WIDTH, HEIGHT);
        add("<rect width=\"%d\" height=\"%d\" fill=\"white\"/>", WIDTH, HEIGHT);
        add("<text x=\"%d\" y=\"28\" font-size=\"18\" font-weight=\"bold\">Bits per byte, by document</text>", LEFT);
        for (int i = 0; i < models.size(); i++) {
            drawLegend(i);
        }
        drawAxes();
        for (int i = 0; i < models.size(); i++) {
            drawBars(i);
        }
        for (int i = 0; i < models.size(); i++) {
            drawQuantiles(i);
        }
        add("</svg>");
        return svg.toString();
    }

    private void drawLegend(int model) {
        Statistics statistics = models.get(model).statistics;
        double y = 48 + LEGEND_HEIGHT * model;
        add("<rect x=\"%d\" y=\"%.1f\" width=\"11\" height=\"11\" fill=\"%s\"/>", LEFT, y - 10, COLOURS.get(model));
        add(
                "<text x=\"%d\" y=\"%.1f\">%s: %,d documents, %,d bytes, %.4f bits per byte in all</text>",
                LEFT + 17,
                y,
                escaped(models.get(model).name),
                statistics.documents(),
                statistics.bytes(),
                statistics.bitsPerByte());
    }

    private void drawAxes() {
        double step = Ticks.step(to - from, 10);
        for (double at = Math.ceil(from / step - 1e-9) * step; at <= to + step / 1e6; at += step) {
            add(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"#333\"/>",
                    x(at), x(at), bottom(), bottom() + 5);
            add(
                    "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>",
                    x(at), bottom() + 20, Ticks.label(at, step));
        }
        double countStep = Math.max(1, Ticks.step(highest, 5));
        for (double count = 0; count <= highest; count += countStep) {
            add(
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#e3e3e3\"/>",
                    LEFT, WIDTH - RIGHT, y(count), y(count));
            add("<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%,.0f</text>", LEFT - 8, y(count) + 4, count);
        }
        add("<line x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\" stroke=\"#333\"/>", LEFT, WIDTH - RIGHT, bottom(), bottom());
        add(
                "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">bits per byte</text>",
                (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14);
        add(
                "<text transform=\"translate(18 %d) rotate(-90)\" text-anchor=\"middle\">documents</text>",
                (top() + bottom()) / 2);
    }

    private void drawBars(int model) {
        long[] bars = bars(models.get(model));
        StringBuilder path = new StringBuilder(String.format(Locale.ROOT, "M%.1f,%d", x(from), bottom()));
        for (int bar = 0; bar < BARS; bar++) {
            double left = x(from + (to - from) * bar / BARS);
            double right = x(from + (to - from) * (bar + 1) / BARS);
            path.append(String.format(Locale.ROOT, " L%.1f,%.1f L%.1f,%.1f", left, y(bars[bar]), right, y(bars[bar])));
        }
        path.append(String.format(Locale.ROOT, " L%.1f,%d Z", x(to), bottom()));
        String colour = COLOURS.get(model);
        add(
                "<path d=\"%s\" fill=\"%s\" fill-opacity=\"%s\" stroke=\"%s\" stroke-width=\"1.2\"/>",
                path, colour, model == 0 ? "0.55" : "0.12", colour);
    }

    /** Marks over the bars; a label that would run into the one before stands a row higher. */
    private void drawQuantiles(int model) {
        Histogram histogram = models.get(model).statistics.histogram();
        double[] endOfRow = new double[LABEL_ROWS];
        StringBuilder labels = new StringBuilder();
        for (double share : QUANTILES) {
            double at = histogram.quantile(share);
            String label = String.format(Locale.ROOT, "%.0f %%: %.2f", 100 * share, at);
            double half = 3.1 * label.length();
            int row = 0;
            while (row < LABEL_ROWS - 1 && x(at) - half < endOfRow[row] + 4) {
                row++;
            }
            endOfRow[row] = x(at) + half;
            double y = top() - 8 - LABEL_HEIGHT * (row + LABEL_ROWS * (models.size() - 1 - model));
            add(
                    "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"%s\""
                            + " stroke-dasharray=\"4 3\"/>",
                    x(at), x(at), y + 3, bottom(), COLOURS.get(model), share == 0.5 ? "2" : "1");
            labels.append(String.format(
                    Locale.ROOT,
                    "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\" text-anchor=\"middle\" fill=\"%s\" stroke=\"white\""
                            + " stroke-width=\"3\" paint-order=\"stroke\">%s</text>%n",
                    x(at),
                    y,
                    COLOURS.get(model),
                    label));
        }
        svg.append(labels); // over all lines, which would run through them
    }

    private int top() {
        return TOP + models.size() * (LEGEND_HEIGHT + LABEL_ROWS * LABEL_HEIGHT);
    }

    private double x(double bits) {
        double share = Math.max(0, Math.min(1, (bits - from) / (to - from)));
        return LEFT + share * (WIDTH - LEFT - RIGHT);
    }

    private double y(double count) {
        return bottom() - count / highest * (bottom() - top());
    }

    private static int bottom() {
        return HEIGHT - BOTTOM;
    }

    private void add(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
