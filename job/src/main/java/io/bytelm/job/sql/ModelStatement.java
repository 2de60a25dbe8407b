package io.bytelm.job.sql;

import io.bytelm.job.JobModel;
import io.bytelm.job.KnownModel;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.session.RetrySettings;
import io.bytelm.vocab.CanonicalRules;
import io.bytelm.vocab.Vocabulary;
import java.io.Serializable;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.types.logical.RowType;

/**
 * A {@code CREATE MODEL} as the user wrote it. It travels with the job as it is, and is read where it is planned and where it
 * runs.
 *
 * @param options of its {@code WITH}
 * @param input the type of the one column that is read
 * @param output the columns that are wanted
 */
record ModelStatement(Map<String, String> options, TextColumn input, RowType output) implements Serializable {
    private static final long serialVersionUID = 1;

    ModelStatement {
        options = Map.copyOf(options);
    }

    /** @throws ValidationException if an option is refused */
    JobModel model() {
        return ModelOptions.read(given());
    }

    /**
     * Looks at the model from this machine, and checks everything else.
     *
     * @throws ValidationException if an option, a column or the model is refused
     */
    KnownModel check(JobModel model) {
        GivenOptions given = given();
        TaskOptions.read(given);
        FailureOptions.retry(given);
        FailureOptions.ignoresFailures(given);
        KnownModel known = ModelOptions.look(given, model);
        rows(known.vocabulary(), Long.MAX_VALUE, model::canonicalRules);
        return known;
    }

    /** What computes the rows on a service. */
    TextRows rows(TrieLmService service) {
        return rows(service.vocabulary(), service.contextTokens(), service::canonicalRules);
    }

    RetrySettings retry() {
        return FailureOptions.retry(given());
    }

    /** Whether a row that the model did not answer is left without a result; else the job fails. */
    boolean ignoresFailures() {
        return FailureOptions.ignoresFailures(given());
    }

    int maxInputBytes() {
        return defaults(TaskOptions.read(given())).maxChunkBytes();
    }

    private TextRows rows(Vocabulary vocabulary, long contextTokens, Supplier<CanonicalRules> canonicalRules) {
        Task task = TaskOptions.read(given());
        OpenedModel model = new OpenedModel(vocabulary, contextTokens, canonicalRules, defaults(task));
        try {
            return task.open(model, given(), output);
        } catch (IllegalArgumentException e) {
            throw GivenOptions.refused(BeamOptions.EOS, "is refused: " + e.getMessage());
        }
    }

    private SessionDefaults defaults(Task task) {
        return BeamOptions.read(given(), task.pruneThreshold());
    }

    private GivenOptions given() {
        return new GivenOptions(options);
    }
}
