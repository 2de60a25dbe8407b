package io.bytelm.job.cli;

import io.bytelm.candidate.CandidateList;
import io.bytelm.job.UserException;
import io.bytelm.record.CandidateQuestion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is asked: candidates on the command line, or a file of questions. */
final class CandidateOptions {
    private static final List<String> OF_ONE = List.of("--prefix", "--prefix-hex", "--candidate", "--candidate-hex");
    private static final List<String> OF_A_FILE =
            List.of("--out", "--id-field", "--prompt-field", "--candidates-field", "--gold-field", "--in-flight");

    @Option(
            names = "--candidate",
            paramLabel = "TEXT",
            order = 3,
            description = "A continuation, as text (UTF-8); give it once for each.")
    private List<String> texts = new ArrayList<>();

    @Option(
            names = "--candidate-hex",
            paramLabel = "HEX",
            order = 4,
            description = "A continuation, in hex; these come after those that are given as text.")
    private List<String> hex = new ArrayList<>();

    @Option(
            names = "--in",
            paramLabel = "FILE",
            order = 5,
            description = "Instead of one question a file of them, a line of JSON each: prompt, candidates and, if it is"
                    + " known, the place of the right one, counted from 0.")
    private @Nullable String in;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            order = 6,
            description = "With --in: receives a row of JSON for each line. Default: none, only the summary is told.")
    private @Nullable String out;

    @Option(
            names = "--prompt-field",
            paramLabel = "NAME",
            order = 7,
            defaultValue = "prompt",
            description = "With --in: the field with the text before the candidates. Default: ${DEFAULT-VALUE}.")
    private String promptField;

    @Option(
            names = "--candidates-field",
            paramLabel = "NAME",
            order = 8,
            defaultValue = "candidates",
            description = "With --in: the field with the list, texts or {\"hex\": \"..\"}. Default: ${DEFAULT-VALUE}.")
    private String candidatesField;

    @Option(
            names = "--gold-field",
            paramLabel = "NAME",
            order = 9,
            defaultValue = "gold",
            description = "With --in: the field with the place of the right candidate. Default: ${DEFAULT-VALUE}.")
    private String goldField;

    @Option(
            names = "--id-field",
            paramLabel = "NAME",
            order = 10,
            defaultValue = "id",
            description = "With --in: the field that names a question. Default: ${DEFAULT-VALUE}.")
    private String idField;

    @Option(
            names = "--end",
            order = 11,
            description = "Let the end of the text after it belong to each candidate. It ends with the tokens of --eos,"
                    + " or else the model's own.")
    private boolean end;

    @Option(
            names = "--in-flight",
            paramLabel = "N",
            order = 12,
            defaultValue = "16",
            description = "With --in: questions that are answered at the same time. Default: ${DEFAULT-VALUE}.")
    private int inFlight;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The file of questions; null if there is one question on the command line. */
    @Nullable
    String file() {
        refuse(in == null ? OF_A_FILE : OF_ONE, in == null ? "means nothing without --in" : "means nothing with --in");
        if (inFlight < 1) {
            throw new UserException("--in-flight must be at least 1, got " + inFlight);
        }
        return in;
    }

    private void refuse(List<String> options, String why) {
        for (String option : options) {
            if (command.commandLine().getParseResult().hasMatchedOption(option)) {
                throw new UserException(option + " " + why + "; leave it out");
            }
        }
    }

    /** @throws UserException if there are none, or too many */
    CandidateList list() {
        List<byte[]> all = new ArrayList<>();
        texts.forEach(text -> all.add(text.getBytes(StandardCharsets.UTF_8)));
        hex.forEach(text -> all.add(Bytes.ofHex(text, "--candidate-hex")));
        if (all.isEmpty()) {
            throw new UserException("give candidates, each by --candidate TEXT, or a file of questions by --in FILE");
        }
        try {
            return new CandidateList(all, end);
        } catch (IllegalArgumentException e) {
            throw new UserException(String.valueOf(e.getMessage()), e);
        }
    }

    @Nullable
    String out() {
        return out;
    }

    CandidateQuestion.Names names() {
        return new CandidateQuestion.Names(idField, promptField, candidatesField, goldField);
    }

    boolean end() {
        return end;
    }

    int inFlight() {
        return inFlight;
    }
}
