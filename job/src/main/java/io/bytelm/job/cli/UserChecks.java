package io.bytelm.job.cli;

import io.bytelm.beam.BeamParams;
import io.bytelm.job.JobModel;
import io.bytelm.job.UserException;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;

/** What can only be said about options once the model is known. */
final class UserChecks {
    private UserChecks() {}

    /** @throws UserException if an EOS token is not in the vocabulary */
    static BeamParams requireEosTokens(SessionDefaults defaults, Vocabulary vocabulary) {
        try {
            return defaults.beamParams(vocabulary);
        } catch (IllegalArgumentException e) {
            throw new UserException("--eos: " + e.getMessage() + "; the command vocab lists all tokens", e);
        }
    }

    /** The same for each of the models that answer. */
    static void requireEosTokensOfEach(SessionDefaults defaults, TrieLmService opened) {
        opened.models().forEach(model -> requireEosTokens(defaults, model.vocabulary()));
    }

    /** The same for models that are not opened. */
    static void requireEosTokensOfEach(SessionDefaults defaults, JobModel model) {
        model.lookAtEach().forEach(known -> requireEosTokens(defaults, known.vocabulary()));
    }
}
