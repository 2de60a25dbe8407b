package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.job.ModelSettings;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;

/** A model for one caller, who waits for every answer. */
final class BlockingModel implements AutoCloseable {
    private final TrieLmService service;

    /** @throws io.bytelm.lm.ModelException if the model cannot be loaded */
    BlockingModel(ModelSettings settings) {
        this.service = settings.open();
    }

    Vocabulary vocabulary() {
        return service.vocabulary();
    }

    /** @throws io.bytelm.job.UserException if an EOS token is not in the vocabulary */
    Step<Beam> begin(SessionDefaults defaults) {
        BeamParams params = UserChecks.requireEosTokens(defaults, vocabulary());
        return Beam.initial(defaults.dummyPrefix() ? vocabulary() : vocabulary().withoutDummyPrefix(), params);
    }

    /** Runs to the end; what is asked together is answered in one batch. */
    <T> T run(Step<T> step) {
        return step.run(new ServiceAnswers(service));
    }

    @Override
    public void close() {
        service.close();
    }
}
