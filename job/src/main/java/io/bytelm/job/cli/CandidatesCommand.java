package io.bytelm.job.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.StepPipeline;
import io.bytelm.candidate.CandidateList;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.job.UserException;
import io.bytelm.job.candidates.CandidateModel;
import io.bytelm.job.candidates.QuestionFile;
import io.bytelm.job.candidates.QuestionRow;
import io.bytelm.job.candidates.QuestionTotals;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.service.TrieLmService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says how probable each of several continuations of a text is. */
@Command(
        name = "candidates",
        header = "Which of several continuations comes next?",
        description = {
            "Tells how probable each of several continuations of a text is, and its share among them; of a file of",
            "questions also how often the most probable one is the right one."
        },
        footer = {
            "",
            "Example:",
            "  bytelm candidates --prefix \"It was a dark and stormy\" --candidate \" night\" --candidate \" knight\"",
            "  bytelm candidates --in questions.jsonl --out answers.jsonl"
        })
final class CandidatesCommand implements Runnable {
    @Mixin
    private PrefixOptions prefix;

    @Mixin
    private CandidateOptions candidates;

    @Option(names = "--json", order = 13, description = "Print one line of JSON instead of a table.")
    private boolean json;

    @Mixin
    private ModelOrService model;

    @Mixin
    private WhichTokenizations tokenizations;

    @Mixin
    private BeamOptions beam;

    @Mixin
    private CommonOptions common;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        String file = candidates.file();
        CandidateList list = file == null ? candidates.list() : null;
        SessionDefaults defaults = beam.defaults(BeamOptions.STREAM_THRESHOLD);
        boolean canonical = tokenizations.areCanonical();
        if (file != null) {
            requireReadable(file);
            requireOther(file, candidates.out());
            if (prefix.bytes().length > 0) {
                throw new UserException("a text before the candidates means nothing with --in: each line has its own;"
                        + " leave it out");
            }
        }
        try (TrieLmService service = model.settings().open()) {
            CandidateModel opened = opened(service, defaults, canonical);
            if (list == null) {
                answerFile(String.valueOf(file), opened, service);
            } else {
                answerOne(list, opened, service);
            }
        }
    }

    private static void requireReadable(String file) {
        if (!Files.isReadable(Path.of(file)) || Files.isDirectory(Path.of(file))) {
            throw new UserException("--in: '" + file + "' is no file that can be read");
        }
    }

    /** Where rows are written, questions would be gone before they are read. */
    private static void requireOther(String file, @Nullable String out) {
        try {
            if (out != null && Files.exists(Path.of(out)) && Files.isSameFile(Path.of(file), Path.of(out))) {
                throw new UserException("--out is the file that --in reads, '" + file + "'; name another one");
            }
        } catch (IOException e) {
            throw new UserException("--out: " + e.getMessage(), e);
        }
    }

    private CandidateModel opened(TrieLmService service, SessionDefaults defaults, boolean canonical) {
        BeamParams typed = UserChecks.requireEosTokens(defaults, service.vocabulary());
        BeamParams params = candidates.end() ? defaults.decodingParams(service.vocabulary()) : typed;
        if (candidates.end() && params.eosTokens().length == 0) {
            throw new UserException("--end: the model names no token that ends a text; name one by --eos");
        }
        try {
            return new CandidateModel(
                    defaults.dummyPrefix()
                            ? service.vocabulary()
                            : service.vocabulary().withoutDummyPrefix(),
                    params,
                    canonical ? service.canonicalRules() : null);
        } catch (NoCanonicalTokenizationsException e) {
            throw new UserException(
                    "--tokenizations canonical: this model offers none: " + e.getMessage() + "; leave it out", e);
        }
    }

    private void answerOne(CandidateList list, CandidateModel opened, TrieLmService service) {
        byte[] text = prefix.bytes();
        CandidateScores scores = opened.scores(text, list)
                .run(new ServiceAnswers(service))
                .orElseThrow(() -> new UserException("the model gives the text before the candidates no probability"));
        if (json) {
            boolean truncated = TruncatedLine.isTruncated(scores.longestContext(), service.contextTokens());
            spec.commandLine().getOut().println(QuestionRow.of(scores, truncated));
        } else {
            Terminal terminal = common.terminal(spec);
            new CandidatesTable(terminal).print(text, scores);
            TruncatedLine.print(scores.longestContext(), service.contextTokens(), terminal);
        }
    }

    private void answerFile(String file, CandidateModel opened, TrieLmService service) {
        QuestionTotals totals;
        try (BufferedReader lines = Files.newBufferedReader(Path.of(file), ISO_8859_1);
                Writer rows = rows(candidates.out())) {
            QuestionFile questions =
                    new QuestionFile(opened, candidates.names(), candidates.end(), service.contextTokens(), rows);
            totals = questions.answer(lines, new StepPipeline(service, candidates.inFlight()));
        } catch (IOException | UncheckedIOException e) {
            throw new UserException("--in or --out: " + e.getMessage(), e);
        }
        if (json) {
            spec.commandLine().getOut().println(QuestionSummary.json(totals));
        } else {
            QuestionSummary.print(totals, common.terminal(spec));
        }
    }

    private static Writer rows(@Nullable String out) throws IOException {
        return out == null ? Writer.nullWriter() : Files.newBufferedWriter(Path.of(out), UTF_8);
    }
}
