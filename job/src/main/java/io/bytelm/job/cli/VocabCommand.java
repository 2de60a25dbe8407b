package io.bytelm.job.cli;

import io.bytelm.vocab.ByteCoverage;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.CanonicalRulesReader;
import io.bytelm.vocab.Vocabulary;
import io.bytelm.vocab.VocabularyException;
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
            "One line an id, separated by tabs: the id; its bytes in hex; normal, special, byte or empty.",
            "With --bytes-without-token one line for each byte that is no token: the byte in hex; where it stands in"
                    + " tokens, and where in those that canonical tokenizations have: none (a text with it cannot be read),"
                    + " longer (only in longer tokens), alone (it is one), or - if those are not followed."
        },
        footer = {
            "",
            "Example: which tokens are a single byte?",
            "  bytelm vocab | awk '{ if (length($2) == 2) print }'",
            "Which bytes can no text have?",
            "  bytelm vocab --bytes-without-token --model DIR"
        })
final class VocabCommand implements Runnable {
    /** What contexts would begin with is not listed; so it need not be known. */
    private static final String NO_MATTER = "0";

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A tokenizer.json, gzipped or not, instead of a model: no padding rows then.")
    private @Nullable Path tokenizer;

    @Option(
            names = "--bytes-without-token",
            description = "List the bytes that are no token, instead of the tokens; nothing if each of the 256 is one.")
    private boolean bytesWithoutToken;

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
        if (bytesWithoutToken) {
            new ByteCoverageText(vocabulary.coverage(), canonicalCoverage(vocabulary))
                    .lines()
                    .forEach(line -> out.print(line + "\n"));
        } else {
            list(vocabulary, out);
        }
    }

    private static void list(Vocabulary vocabulary, PrintWriter out) {
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

    private @Nullable ByteCoverage canonicalCoverage(Vocabulary vocabulary) {
        try {
            CanonicalRules rules = tokenizer != null
                    ? CanonicalRulesReader.fromTokenizerFile(tokenizer, vocabulary)
                    : CanonicalRulesReader.fromModelDirectory(model.givenOrBundled(), vocabulary);
            return rules.coverage();
        } catch (VocabularyException notFollowed) {
            return null;
        }
    }
}
