package io.bytelm.job.bench;

import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.lm.ModelException;
import io.bytelm.lm.djl.DjlModelSettings;
import io.bytelm.lm.djl.Precision;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a machine with a GPU has to prove: that a device gives what the CPU gives, and how its speed grows with the batch.
 * {@code docker/gpu-check.sh} starts it. On the device {@code cpu} it runs the same code without one.
 */
public final class DeviceCheck {
    private static final int COLUMNS = 120;

    private DeviceCheck() {}

    /**
     * Ends the JVM with 0 if all comparisons hold, 1 if one does not, 2 if the arguments are wrong or the model or the device is
     * not there.
     *
     * @param args model directory, text file, device, precision, the most contexts of a batch, state cache (MiB)
     */
    public static void main(String[] args) throws IOException {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        if (args.length != 6) {
            out.println("give: MODEL_DIRECTORY TEXT_FILE DEVICE PRECISION MOST_CONTEXTS STATE_CACHE_MIB");
            System.exit(2);
        }
        int exitCode;
        try {
            exitCode = check(new Terminal(out, false, false, COLUMNS), args) ? 0 : 1;
        } catch (ModelException | IllegalArgumentException e) {
            out.println(e.getMessage());
            exitCode = 2;
        }
        out.flush();
        System.exit(exitCode); // threads of libtorch may still be there
    }

    private static boolean check(Terminal terminal, String[] args) throws IOException {
        DjlModelSettings model = DjlModelSettings.of(Path.of(args[0]));
        byte[] text = Files.readAllBytes(Path.of(args[1]));
        Precision precision = Precision.valueOf(args[3].toUpperCase(Locale.ROOT));
        boolean same = compared(terminal, new DeviceComparison(model, args[2], text).all(precision));
        DjlModelSettings measured =
                model.withDevice(args[2]).withPrecision(precision).withCacheBytes(Long.parseLong(args[5]) << 20);
        scaled(terminal, new BatchScaling(measured).upTo(Integer.parseInt(args[4])));
        return same;
    }

    private static boolean compared(Terminal terminal, List<DeviceComparison.Difference> differences) {
        terminal.line(terminal.styled(Style.BOLD, "The device beside the CPU"));
        Table table = new Table(terminal, "", ">compared", ">difference", ">allowed", "");
        boolean same = true;
        for (DeviceComparison.Difference difference : differences) {
            table.row(
                    difference.what(),
                    String.valueOf(difference.numbers()),
                    scientific(difference.nats()),
                    scientific(difference.allowedNats()),
                    difference.holds() ? "ok" : "FAILED");
            same &= difference.holds();
        }
        table.print();
        terminal.emptyLine();
        return same;
    }

    private static void scaled(Terminal terminal, List<BatchScaling.Point> points) {
        terminal.line(
                terminal.styled(Style.BOLD, "Contexts that grow by a token at a time, rows and sums on the device"));
        Table table = new Table(terminal, ">contexts", ">ms a step", ">evaluations/s", ">ms for the sums");
        for (BatchScaling.Point point : points) {
            table.row(
                    String.valueOf(point.contexts()),
                    "%.2f".formatted(point.stepMillis()),
                    "%.0f".formatted(point.evaluationsPerSecond()),
                    "%.2f".formatted(point.sumMillis()));
        }
        table.print();
    }

    private static String scientific(double nats) {
        return "%.1e".formatted(nats);
    }
}
