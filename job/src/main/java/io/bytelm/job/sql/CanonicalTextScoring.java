package io.bytelm.job.sql;

import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.job.likelihood.scoring.CanonicalWindows;
import io.bytelm.job.likelihood.scoring.Windows.Window;
import io.bytelm.service.NoCanonicalTokenizationsException;

/** The task {@code score}, over the tokenizations alone that the model's own tokenizer writes. */
final class CanonicalTextScoring implements TextComputation<TextScore> {
    /** Of a text all of whose contexts are known; with 256 rows in work, what a service has room for. */
    private static final int REQUESTS_AT_ONCE = 32;

    private static final double[] NONE = {};

    private final OpenedModel model;
    private final CanonicalWindows windows;
    private final boolean everyByte;

    private CanonicalTextScoring(OpenedModel model, CanonicalWindows windows, boolean everyByte) {
        this.model = model;
        this.windows = windows;
        this.everyByte = everyByte;
    }

    /**
     * May block for some seconds.
     *
     * @param everyByte whether each byte's log-probability is wanted, which takes more contexts
     * @throws org.apache.flink.table.api.ValidationException if the model does not say how its tokenizer writes texts
     */
    static CanonicalTextScoring of(OpenedModel model, CanonicalParams params, boolean everyByte) {
        try {
            CanonicalWindows windows = new CanonicalWindows(
                    model.canonicalRules().get().withoutAdded(params.eosTokens()),
                    params,
                    model.contextTokens(),
                    model.dummyPrefix(),
                    REQUESTS_AT_ONCE,
                    CanonicalWindows.LONG_BYTES,
                    model.restarts());
            return new CanonicalTextScoring(model, windows, everyByte);
        } catch (NoCanonicalTokenizationsException e) {
            throw GivenOptions.refused(TokenizationOptions.TOKENIZATIONS, "= 'canonical': " + e.getMessage());
        }
    }

    @Override
    public Step<TextScore> begin(byte[] text) {
        requireUnchanged(text);
        double[] byteLogProbs = everyByte ? new double[text.length] : NONE;
        if (text.length == 0) {
            return Step.done(new TextScore(0, 0, 0, 0, byteLogProbs, false));
        }
        return windows.read(text, new Window(0, 0, text.length), byteLogProbs).map(result -> {
            if (result.logLikelihood() == Double.NEGATIVE_INFINITY) {
                throw new NoResultException("no canonical tokenization goes on with byte " + result.read() + " of "
                        + text.length + ", or the model gives it no probability; 'on-dead-end' = 'restart' reads on");
            }
            return TextScore.of(result, text.length, byteLogProbs);
        });
    }

    private void requireUnchanged(byte[] text) {
        int changed = windows.rules().firstChange(text);
        if (changed >= 0) {
            throw new NoResultException("the tokenizer would change byte " + (changed + 1) + " of " + text.length
                    + " before it cuts the text (NFC), so no canonical tokens spell the text as it is; compose it before,"
                    + " or score it with 'tokenizations' = 'all'");
        }
    }

    @Override
    public long roomTokens(int bytes) {
        return model.roomTokens(bytes, windows.branchTokens());
    }
}
