package io.bytelm.job.cli;

import io.bytelm.job.ModelSettings;
import io.bytelm.job.UserException;
import io.bytelm.job.terminal.ByteText;
import io.bytelm.job.terminal.Style;
import io.bytelm.job.terminal.Table;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.SessionDefaults;
import io.bytelm.trie.TokenByteTrie;
import io.bytelm.trie.TrieDot;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows the vocabulary as a trie. */
@Command(
        name = "trie",
        header = "See the vocabulary as a trie of bytes.",
        description = {
            "Shows which tokens begin with some bytes: the vocabulary as a trie, from these bytes on.",
            "With --dot as a Graphviz document; with --after, with the model's probabilities after a text."
        },
        footer = {
            "",
            "Example: a picture of how a word that begins with \" str\" may go on",
            "  bytelm trie --dot --prefix \" str\" --after \"It was a dark and\" | dot -Tsvg > trie.svg"
        })
final class TrieCommand implements Runnable {
    @Mixin
    private PrefixOptions prefix;

    @Option(names = "--dot", order = 5, description = "Write a Graphviz document instead of a table.")
    private boolean dot;

    @Option(
            names = "--depth",
            paramLabel = "BYTES",
            order = 6,
            defaultValue = "8",
            description = "The most bytes below the prefix, with --dot. Default: ${DEFAULT-VALUE}.")
    private int depth;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            order = 7,
            defaultValue = "100",
            description = "The most nodes, with --dot; the rest is counted. Default: ${DEFAULT-VALUE}.")
    private int nodes;

    @Option(
            names = "--after",
            paramLabel = "TEXT",
            order = 8,
            description =
                    "Weigh tokens by the model's probabilities after this text, in its most probable tokenization.")
    private @Nullable String after;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            order = 99,
            description = "A tokenizer.json, gzipped or not, instead of a model.")
    private @Nullable Path tokenizer;

    @Mixin
    private ModelOptions model;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        ModelSettings settings = model.settings();
        if (tokenizer != null && (after != null || settings.directory() != null)) {
            throw new ParameterException(spec.commandLine(), "--tokenizer goes with neither --model nor --after");
        }
        if (depth < 0 || nodes < 1) {
            throw new UserException(
                    "--depth must be at least 0 and --nodes at least 1, got " + depth + " and " + nodes);
        }
        Vocabulary vocabulary =
                tokenizer == null ? settings.vocabulary() : VocabularyReader.fromTokenizerFile(tokenizer);
        TokenByteTrie trie = new TokenByteTrie(vocabulary);
        byte[] begin = prefix.bytes();
        if (trie.find(begin) == TokenByteTrie.NONE) {
            throw new UserException("no token of this vocabulary begins with '" + ByteText.of(begin) + "'");
        }
        double[] weights = after == null ? null : weights(settings, trie, after);
        if (dot) {
            spec.commandLine().getOut().print(TrieDot.render(trie, begin, depth, nodes, weights));
        } else {
            printChildren(common.terminal(spec), trie, trie.find(begin), weights);
        }
    }

    private static double[] weights(ModelSettings settings, TokenByteTrie trie, String text) {
        TokenContext context;
        try (BlockingModel opened = new BlockingModel(settings)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            context = opened.mostProbableTokens(
                    opened.run(opened.begin(SessionDefaults.STANDARD).then(start -> start.prefill(bytes))));
        }
        return settings.nodeProbabilities(trie, context);
    }

    private static void printChildren(Terminal terminal, TokenByteTrie trie, int node, double @Nullable [] weights) {
        int ending = trie.endsEnd(node) - trie.first(node);
        terminal.line(
                "%s  %d tokens begin so, %d of them end here",
                terminal.styled(Style.BOLD, node == trie.root() ? "(root)" : ByteText.of(trie.prefix(node))),
                trie.end(node) - trie.first(node),
                ending);
        Table table = new Table(terminal, "next", "hex", ">tokens", weights == null ? "" : ">probability");
        for (int child = trie.firstChild(node); child < trie.childrenEnd(node); child++) {
            table.row(
                    terminal.styled(Style.BOLD, ByteText.ofSymbol(trie.edgeByte(child))),
                    "%02x".formatted(trie.edgeByte(child)),
                    String.valueOf(trie.end(child) - trie.first(child)),
                    weights == null ? "" : NextTable.percent(weights[child]));
        }
        table.print();
    }
}
