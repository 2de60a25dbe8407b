package io.bytelm.job;

import io.bytelm.job.check.MemoryNeed;
import io.bytelm.job.kafka.KafkaSettings;
import io.bytelm.record.SessionDefaults;
import io.bytelm.record.wire.SourceFields;
import io.bytelm.session.ModelChange;
import io.bytelm.session.SessionSettings;
import java.io.Serializable;

/**
 * All that the scoring job is told.
 *
 * @param kafka where bytes come from and scores go
 * @param model which model scores them
 * @param defaults how a session is scored that does not say otherwise
 * @param operator how the session operator runs
 * @param format how a score is written
 * @param sources whether a score says which input record it answers
 * @param modelChange what becomes of sessions that were read with another model
 */
public record ScoringSettings(
        KafkaSettings kafka,
        JobModel model,
        SessionDefaults defaults,
        SessionSettings operator,
        ScoreFormat format,
        SourceFields sources,
        ModelChange modelChange)
        implements Serializable {
    private static final long serialVersionUID = 1;

    /** Of a job whose scores say what they answer, and that resumes sessions with no other model than theirs. */
    public ScoringSettings(
            KafkaSettings kafka,
            JobModel model,
            SessionDefaults defaults,
            SessionSettings operator,
            ScoreFormat format) {
        this(kafka, model, defaults, operator, format, SourceFields.WRITTEN, ModelChange.REFUSED);
    }

    /** What the job needs of each TaskManager. */
    public MemoryNeed memoryNeed() {
        return model.memoryNeed(operator.maxHeldBytes());
    }
}
