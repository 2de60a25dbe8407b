package io.bytelm.job.sql;

import io.bytelm.beam.BeamParams;
import io.bytelm.beam.Step;
import io.bytelm.job.likelihood.scoring.WindowScoring;
import io.bytelm.job.likelihood.scoring.Windows.Window;

/** The task {@code score}, over all tokenizations that a beam follows. */
final class TextScoring implements TextComputation<TextScore> {
    private final OpenedModel model;
    private final BeamParams params;

    /** @param params on the model's vocabulary */
    TextScoring(OpenedModel model, BeamParams params) {
        this.model = model;
        this.params = params;
    }

    @Override
    public Step<TextScore> begin(byte[] text) {
        double[] byteLogProbs = new double[text.length];
        boolean hasEos = params.eosTokens().length > 0;
        WindowScoring scoring = new WindowScoring(
                text,
                new Window(0, 0, text.length),
                hasEos,
                model.contextTokens(),
                byteLogProbs,
                model.restarts() ? model.vocabulary().coverage() : null);
        return model.begin(params).then(scoring::run).map(result -> {
            if (result.logLikelihood() == Double.NEGATIVE_INFINITY) {
                throw new NoResultException("no tokenization that the beam follows goes on with byte " + result.read()
                        + " of " + text.length
                        + "; a larger 'k' or a smaller 'prune-threshold' follows more, 'on-dead-end' ="
                        + " 'restart' reads on");
            }
            return TextScore.of(result, text.length, byteLogProbs);
        });
    }

    @Override
    public long roomTokens(int bytes) {
        return model.roomTokens(bytes, params.branchTokens());
    }
}
