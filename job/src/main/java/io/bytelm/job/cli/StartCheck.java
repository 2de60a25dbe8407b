package io.bytelm.job.cli;

import io.bytelm.job.JobModel;
import io.bytelm.job.KnownModel;
import io.bytelm.job.UserException;
import io.bytelm.job.check.CheckLine;
import io.bytelm.job.check.CheckLine.Verdict;
import io.bytelm.job.check.ClusterCheck;
import io.bytelm.job.check.MemoryNeed;
import io.bytelm.job.terminal.Terminal;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.NoCanonicalTokenizationsException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.environment.LocalStreamEnvironment;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import picocli.CommandLine.Option;

/** What is looked at before a job starts: all that {@code --check} prints, and what a submission is refused for. */
final class StartCheck {
    static final String OPTION = "--check";
    private static final int FINDINGS = 1;

    @Option(
            names = OPTION,
            order = 990,
            description =
                    "Only check what the job needs (checkpoints, jars, memory, slots, model, broker, rights): a line"
                            + " for each, with the option that mends it, and exit code 1 if there is a finding.")
    private boolean only;

    boolean isAll() {
        return only;
    }

    /** Prints each line; returns the exit code. */
    static int print(List<CheckLine> lines, Terminal terminal) {
        for (CheckLine line : lines) {
            String verdict = line.isFinding() ? "finding" : line.verdict() == Verdict.UNSEEN ? "unseen" : "ok";
            terminal.line("%-8s %s: %s", verdict, line.what(), line.text());
        }
        return lines.stream().anyMatch(CheckLine::isFinding) ? FINDINGS : 0;
    }

    /**
     * Of a job that is about to be submitted to a cluster: tells what may go wrong, and refuses what will. One in this
     * process opens its model itself, and keeps checkpoints that nobody asked for in a temporary directory.
     *
     * @param need is asked for only if the job goes to a cluster
     * @throws UserException with a line for each reason
     */
    static void require(StreamExecutionEnvironment env, Supplier<MemoryNeed> need, PrintWriter err) {
        if (env instanceof LocalStreamEnvironment) {
            return;
        }
        List<String> refused = new ArrayList<>();
        for (CheckLine line : new ClusterCheck(env).lines(need.get())) {
            if (line.verdict() == Verdict.REFUSED) {
                refused.add(line.what() + ": " + line.text());
            } else if (line.verdict() == Verdict.WARNING) {
                err.println("bytelm: warning: " + line.what() + ": " + line.text());
            }
        }
        if (!refused.isEmpty()) {
            throw new UserException(String.join("; ", refused));
        }
    }

    /**
     * Of a job that is about to be submitted to a cluster. One in this process says so when it has opened its model.
     *
     * @throws UserException if a model's tokenizer does not write texts in a way that is followed
     */
    static void requireCanonicalTokenizations(StreamExecutionEnvironment env, List<JobModel> models) {
        if (env instanceof LocalStreamEnvironment) {
            return;
        }
        for (JobModel model : models) {
            CheckLine line = canonicalTokenizations(model);
            if (line.isFinding()) {
                throw new UserException(line.what() + ": " + line.text());
            }
        }
    }

    /**
     * Whether the model can be read on this machine, and offers what is wanted of it.
     *
     * @param canonical whether texts are read over canonical tokenizations
     */
    static List<CheckLine> lines(JobModel model, SessionDefaults defaults, boolean canonical) {
        CheckLine readable = model(model, defaults);
        return readable.isFinding() || !canonical
                ? List.of(readable)
                : List.of(readable, canonicalTokenizations(model));
    }

    /** Whether the rules by which the model's tokenizer writes texts can be followed. */
    private static CheckLine canonicalTokenizations(JobModel model) {
        return CheckLine.of("canonical tokenizations", () -> {
            try {
                model.canonicalRules();
            } catch (NoCanonicalTokenizationsException e) {
                throw new UserException(String.valueOf(e.getMessage()), e);
            }
            return "those of " + model.name() + " are followed";
        });
    }

    /** Whether the model can be read on this machine, and has the tokens that the options name. */
    private static CheckLine model(JobModel model, SessionDefaults defaults) {
        return CheckLine.of("model", () -> {
            List<KnownModel> each = model.lookAtEach();
            each.forEach(known -> UserChecks.requireEosTokens(defaults, known.vocabulary()));
            String identities =
                    each.stream().map(known -> known.identity().toString()).collect(Collectors.joining(" and "));
            return model.name() + " in " + model.place() + ", " + identities;
        });
    }
}
