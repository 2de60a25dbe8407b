package io.bytelm.job.cli;

import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyReader;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Lists what each token id stands for. */
@Command(
        name = "vocab",
        header = "List what every token id stands for.",
        description = {
            "Lists every token id of a model with its bytes.",
            "One line an id, separated by tabs: the id; its bytes in hex; normal, special, byte or empty."
        },
        footer = {
            "",
            "Example: which tokens are a single byte?",
            "  bytelm vocab | awk '{ if (length($2) == 2) print }'"
        })
final class VocabCommand implements Runnable {
    /** What contexts would begin with is not listed; so it need not be known. */
    private static final String NO_MATTER = "0";

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A tokenizer.json, gzipped or not, instead of a model: no padding rows then.")
    private @Nullable Path tokenizer;

    @Mixin
    private ModelDirectory model;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Vocabulary vocabulary = vocabulary();
        PrintWriter out = spec.commandLine().getOut();
        for (int id = 0; id < vocabulary.size(); id++) {
            String bytes = HexFormat.of().formatHex(vocabulary.bytes(id));
            String kind = vocabulary.kind(id).name().toLowerCase(Locale.ROOT);
            out.print(id + "\t" + bytes + "\t" + kind + "\n");
        }
    }

    private Vocabulary vocabulary() {
        if (tokenizer != null && model.given() != null) {
            throw new ParameterException(spec.commandLine(), "give --tokenizer or --model, not both");
        }
        return tokenizer != null
                ? VocabularyReader.fromTokenizerFile(tokenizer)
                : VocabularyReader.fromModelDirectory(model.givenOrBundled(), NO_MATTER);
    }
}
