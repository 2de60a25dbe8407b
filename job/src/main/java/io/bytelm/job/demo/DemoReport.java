package io.bytelm.job.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.job.ModelSettings;
import io.bytelm.job.terminal.Bar;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What the demo says on the terminal. */
final class DemoReport {
    private static final int LISTED_NEXT = 2;
    private static final int TAIL_BYTES = 14;
    private static final int BAR_COLUMNS = 6;
    private static final double BITS_OF_WHOLE_BAR = 6;
    private static final double FEW_BITS = 2;
    private static final double MANY_BITS = 4;

    private final Terminal terminal;
    private final List<Passage> passages;

    DemoReport(Terminal terminal, List<Passage> passages) {
        this.terminal = terminal;
        this.passages = passages;
    }

    void title(ModelSettings model) {
        terminal.line(
                "%s: a Kafka broker, a Flink job and the model %s, all in this process",
                terminal.styled(Style.BOLD, "ByteLM demo"), model.name());
    }

    void broker(String bootstrap) {
        step("Kafka", "broker at %s, topics %s, %s, %s", bootstrap, Demo.IN, Demo.OUT, Demo.DEAD_LETTERS);
    }

    void model(int tokens, SessionDefaults defaults) {
        step(
                "model",
                "%,d tokens; beams of K = %d, prune threshold %s",
                tokens,
                defaults.width(),
                defaults.pruneThreshold());
    }

    void sent(int records) {
        step("input", "%d records of %d sessions, cut anywhere", records, passages.size());
    }

    private void step(String what, String format, Object... arguments) {
        String text = String.format(Locale.ROOT, format, arguments);
        terminal.line("  %s %-6s %s", terminal.styled(Style.GREEN, "✔"), what, text);
    }

    String progress(SessionScores scores, double seconds) {
        if (scores.bytes() == 0) {
            return String.format(Locale.ROOT, "waiting for the first commit, %.0f s", seconds);
        }
        return String.format(
                Locale.ROOT,
                "%,d bytes, %,.0f bytes/s, %d of %d sessions",
                scores.bytes(),
                scores.bytes() / Math.max(seconds, 1e-3),
                scores.ended(),
                passages.size());
    }

    void scores(SessionScores scores, String bootstrap, boolean keep) {
        terminal.emptyLine();
        Table table = new Table(terminal, "session", ">bytes", ">bits/byte", "", "last bytes", "most probable next");
        for (Passage passage : passages) {
            scores.of(passage.session()).ifPresent(score -> row(table, passage, score));
        }
        table.print();
        terminal.emptyLine();
        terminal.line(
                "All in all %,d bytes at %s; a byte at random would cost 8.",
                scores.bytes(), terminal.styled(Style.BOLD, "%.3f bits per byte".formatted(scores.bitsPerByte())));
        if (!keep) {
            terminal.line(
                    "The scores went to topic %s, exactly once; the broker at %s ends with this demo.",
                    Demo.OUT, bootstrap);
            terminal.line("With --keep it stays, and your own producer and consumer can join.");
        }
    }

    private void row(Table table, Passage passage, JsonNode score) {
        double bits = score.get("bits_per_byte").asDouble();
        Style style = bits < FEW_BITS ? Style.GREEN : bits < MANY_BITS ? Style.YELLOW : Style.RED;
        byte[] text = passage.text();
        byte[] tail = Arrays.copyOfRange(text, Math.max(0, text.length - TAIL_BYTES), text.length);
        table.row(
                passage.session(),
                score.get("bytes").asText(),
                "%.3f".formatted(bits),
                terminal.styled(style, Bar.of(bits / BITS_OF_WHOLE_BAR, BAR_COLUMNS)),
                terminal.styled(Style.DIM, "…") + ByteText.of(tail),
                next(score));
    }

    private String next(JsonNode score) {
        List<String> listed = new ArrayList<>();
        for (JsonNode symbol : score.path("next")) {
            if (listed.size() == LISTED_NEXT) {
                break;
            }
            double percent = 100 * Math.exp(symbol.get("logprob").asDouble());
            if (percent < 1) {
                break;
            }
            String text = symbol.has("byte")
                    ? ByteText.ofSymbol(symbol.get("byte").asInt())
                    : symbol.get("symbol").asText();
            listed.add(terminal.styled(Style.BOLD, text) + String.format(Locale.ROOT, " %.0f %%", percent));
        }
        return String.join("  ", listed);
    }

    void invitation(String bootstrap) {
        terminal.emptyLine();
        terminal.line(terminal.styled(Style.BOLD, "The job goes on. Join it with Kafka's own tools:"));
        terminal.emptyLine();
        terminal.line("  kafka-console-producer.sh --bootstrap-server %s --topic %s \\", bootstrap, Demo.IN);
        terminal.line("      --property parse.key=true --property key.separator=:");
        terminal.line(terminal.styled(Style.DIM, "  then type lines such as   my-session:Once upon a time"));
        terminal.emptyLine();
        terminal.line("  kafka-console-consumer.sh --bootstrap-server %s --topic %s \\", bootstrap, Demo.OUT);
        terminal.line("      --from-beginning --isolation-level read_committed --property print.key=true");
        terminal.emptyLine();
        terminal.line("Ctrl-C ends the broker, the job and this demo.");
    }
}
