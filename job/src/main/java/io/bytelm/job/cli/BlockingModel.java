package io.bytelm.job.cli;

import io.bytelm.beam.Beam;
import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Hypothesis;
import io.bytelm.beam.ServiceAnswers;
import io.bytelm.beam.Step;
import io.bytelm.job.UserException;
import io.bytelm.lm.TokenContext;
import io.bytelm.record.SessionDefaults;
import io.bytelm.service.ExpandRequest;
import io.bytelm.service.Expansion;
import io.bytelm.service.ServiceSource;
import io.bytelm.service.TrieLmService;
import io.bytelm.vocab.Vocabulary;

/** A model for one caller, who waits for every answer. */
final class BlockingModel implements AutoCloseable {
    private final TrieLmService service;
    private long calls;

    /** @throws io.bytelm.lm.ModelException if the model cannot be loaded */
    BlockingModel(ServiceSource source) {
        this.service = source.open();
    }

    Vocabulary vocabulary() {
        return service.vocabulary();
    }

    /** @throws io.bytelm.job.UserException if an EOS token is not in the vocabulary */
    Step<Beam> begin(SessionDefaults defaults) {
        return begin(defaults, UserChecks.requireEosTokens(defaults, vocabulary()));
    }

    /**
     * To generate from: where the user names no EOS token, the model's own end the text.
     *
     * @throws io.bytelm.job.UserException if an EOS token is not in the vocabulary
     */
    Step<Beam> beginDecoding(SessionDefaults defaults) {
        UserChecks.requireEosTokens(defaults, vocabulary());
        return begin(defaults, defaults.decodingParams(vocabulary()));
    }

    private Step<Beam> begin(SessionDefaults defaults, BeamParams params) {
        return Beam.initial(defaults.dummyPrefix() ? vocabulary() : vocabulary().withoutDummyPrefix(), params);
    }

    /** Runs to the end; what is asked together is answered in one batch. */
    <T> T run(Step<T> step) {
        ServiceAnswers answers = new ServiceAnswers(service);
        return step.run(requests -> {
            calls++;
            return answers.apply(requests);
        });
    }

    /** How many tokens of a context it reads at most. */
    long contextTokens() {
        return service.contextTokens();
    }

    /** How often it was asked so far; what is asked together counts once. */
    long calls() {
        return calls;
    }

    /**
     * The most probable tokens of all that a beam has read: those of its best hypothesis whose open token can end here.
     *
     * @throws UserException if none can
     */
    TokenContext mostProbableTokens(Beam beam) {
        for (Hypothesis hypothesis : beam.hypotheses()) {
            byte[] open = hypothesis.partial();
            if (open.length == 0) {
                return hypothesis.context();
            }
            ExpandRequest request = new ExpandRequest(hypothesis.context(), open, new int[0], ExpandRequest.NO_ROWS);
            Expansion masses = service.expand(request).join();
            int[] ending = masses.depth() < open.length ? new int[0] : masses.endTokens()[open.length];
            if (ending.length > 0) {
                return hypothesis.context().plus(ending[0]);
            }
        }
        throw new UserException("no token of this model ends where the text ends");
    }

    @Override
    public void close() {
        service.close();
    }
}
