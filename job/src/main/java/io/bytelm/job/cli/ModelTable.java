package io.bytelm.job.cli;

import io.bytelm.job.ModelReport;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.lm.checkpoint.Attention;
import io.bytelm.lm.checkpoint.ModelConfig;
import io.bytelm.lm.checkpoint.ModelSummary;
import io.bytelm.lm.checkpoint.RotaryEmbedding;
import io.bytelm.vocab.Vocabulary;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What is read of a model, a line for each thing. */
final class ModelTable {
    private static final int LABEL_WIDTH = 12;

    private final Terminal terminal;
    private final ModelReport report;
    private final ModelConfig config;

    ModelTable(Terminal terminal, ModelReport report) {
        this.terminal = terminal;
        this.report = report;
        this.config = report.summary().config();
    }

    void print(String name) {
        ModelSummary summary = report.summary();
        terminal.line("%s  can be scored with", terminal.styled(Style.BOLD, name));
        line("architecture", summary.architecture() + ", read as " + config.family());
        line("shape", shape());
        experts();
        if (!config.filledIn().isEmpty()) {
            line("left out", "of config.json, and so transformers' default: " + sizes(config.filledIn()));
        }
        line("parameters", String.format(Locale.ROOT, "%,d", summary.values()));
        line("memory", weights());
        line("", states());
        line("context", config.maxPositions() + " tokens");
        line("windows", windows(config.attention()));
        line("positions", positions(config.attention()));
        line("output layer", outputLayer(summary));
        line("tokenizer", tokenizer());
        line("BOS", token(report.vocabulary().bosToken()));
        line("EOS", endTokens(report.vocabulary()));
        line("normalizer", report.normalizer().phrase());
        line("canonical", canonical());
        line("bytes", new ByteCoverageText(report.vocabulary().coverage(), report.canonicalCoverage()).phrase());
        adapter(summary.adapter());
        ignored("keys of config.json (they change no probability)", summary.ignoredKeys());
        ignored("tensors (no probability depends on them)", summary.ignoredTensors());
    }

    private void line(String label, String text) {
        String padded = String.format(Locale.ROOT, "%-" + LABEL_WIDTH + "s", label);
        terminal.line("  " + terminal.styled(Style.DIM, padded) + "  " + text);
    }

    private String shape() {
        return config.layers() + " layers, hidden size " + config.hiddenSize() + ", " + config.heads() + " heads of "
                + config.headDim() + " (" + config.keyValueHeads() + " for keys and values)"
                + (ModelExperts.allLayersHave(config) ? "" : ", feed-forward size " + config.feedForwardSize());
    }

    private static String sizes(Map<String, Integer> filledIn) {
        return filledIn.entrySet().stream()
                .map(size -> size.getKey() + " " + size.getValue())
                .collect(Collectors.joining(", "));
    }

    private void experts() {
        ModelExperts experts = ModelExperts.of(config);
        if (experts != null) {
            line("experts", experts.phrase());
        }
    }

    private String weights() {
        return report.weightBytes().entrySet().stream()
                .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + " " + Quantities.bytes(entry.getValue()))
                .collect(Collectors.joining(", "));
    }

    private String states() {
        return "and for each token that is kept: "
                + report.stateBytes().entrySet().stream()
                        .map(entry -> entry.getKey() + " " + Quantities.bytes(entry.getValue()))
                        .collect(Collectors.joining(", "));
    }

    private static String windows(Attention attention) {
        List<Attention.Layer> layers = attention.layers();
        List<Integer> sliding = IntStream.range(0, layers.size())
                .filter(i -> layers.get(i).slides())
                .boxed()
                .toList();
        if (sliding.isEmpty()) {
            return "none: every layer sees the whole context";
        }
        String rest = sliding.size() == layers.size() ? "" : "; the others see the whole context";
        return attention.window() + " tokens in layers " + LayerRanges.of(sliding) + rest;
    }

    private String positions(Attention attention) {
        if (attention.alibi() != null) {
            return "none, but scores become smaller with the distance (ALiBi)";
        }
        List<RotaryEmbedding> rotaries = attention.rotaries();
        return rotaries.isEmpty()
                ? "learned"
                : rotaries.stream().map(this::rope).distinct().collect(Collectors.joining("; or "));
    }

    private String rope(RotaryEmbedding rotary) {
        return rotary.dimensions() == 0
                ? "none"
                : "rope, base " + (long) rotary.theta() + ", " + rotary.dimensions() + " of " + config.headDim()
                        + " dimensions, " + rotary.scaling().phrase();
    }

    private String outputLayer(ModelSummary summary) {
        if (summary.storedHead()) {
            return "stored, though the configuration ties it to the embedding: used where it differs, as transformers 5 does";
        }
        return config.tiedEmbeddings() ? "tied to the embedding" : "its own";
    }

    private String tokenizer() {
        Vocabulary vocabulary = report.vocabulary();
        return report.tokenizer().kind() + ", " + report.tokenizer().tokens() + " tokens ("
                + report.tokenizer().added()
                + " added), " + report.tokenizer().beyond() + " of them without a row; " + vocabulary.size() + " rows, "
                + report.rowsWithoutToken() + " of them without a token";
    }

    private String canonical() {
        String refusal = report.canonicalRefusal();
        return refusal == null ? "its tokenizations are followed (--tokenizations canonical)" : "no: " + refusal;
    }

    private String token(int id) {
        return id + " " + ByteText.of(report.vocabulary().bytes(id));
    }

    private String endTokens(Vocabulary vocabulary) {
        return vocabulary.eosTokens().isEmpty()
                ? "none named"
                : vocabulary.eosTokens().stream().map(this::token).collect(Collectors.joining(", "));
    }

    private void adapter(ModelSummary.@Nullable MergedAdapter adapter) {
        if (adapter != null) {
            line("adapter", adapter.directory() + ", trained on " + adapter.base());
            line(
                    "",
                    String.format(
                            Locale.ROOT, "%,d values, merged into %d tensors", adapter.values(), adapter.changed()));
            ignored("modules of the adapter (no probability depends on them)", adapter.ignored());
        }
    }

    private void ignored(String what, List<String> names) {
        if (!names.isEmpty()) {
            line("ignored", what + ":");
            StringBuilder text = new StringBuilder();
            for (String name : names) {
                if (text.length() + name.length() > terminal.columns() - LABEL_WIDTH - 4) {
                    line("", text.toString().strip());
                    text.setLength(0);
                }
                text.append(name).append(' ');
            }
            line("", text.toString().strip());
        }
    }
}
