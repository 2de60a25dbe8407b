package io.bytelm.job.sql;

import io.bytelm.beam.EosMode;
import io.bytelm.beam.Step;
import io.bytelm.canonical.CanonicalParams;
import io.bytelm.canonical.CanonicalTree;
import io.bytelm.decode.TreeText;
import io.bytelm.service.NoCanonicalTokenizationsException;
import io.bytelm.vocab.CanonicalRules;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How texts are read over the tokenizations alone that the model's own tokenizer writes.
 *
 * @param rules the tokenizer's own
 */
record CanonicalReading(CanonicalRules rules, CanonicalParams params, byte[] dummyPrefix) {
    /**
     * May block for some seconds.
     *
     * @param eosTokens ids of the tokens that end a text
     * @return null if all tokenizations are asked for
     * @throws org.apache.flink.table.api.ValidationException if an option is refused, or the model does not say how its
     *     tokenizer writes texts
     */
    static @Nullable CanonicalReading of(OpenedModel model, GivenOptions given, int[] eosTokens) {
        CanonicalParams params = TokenizationOptions.read(given, eosTokens, true);
        if (params == null) {
            return null;
        }
        try {
            return new CanonicalReading(model.canonicalRules().get(), params, model.dummyPrefix());
        } catch (NoCanonicalTokenizationsException e) {
            throw GivenOptions.refused(TokenizationOptions.TOKENIZATIONS, "= 'canonical': " + e.getMessage());
        }
    }

    /**
     * The text after which something comes, EOS tokens being the end from there on; in it their names are text.
     *
     * @throws NoResultException if no canonical tokens spell it
     */
    Step<CanonicalTree> read(byte[] text) {
        requireUnchanged(text);
        CanonicalParams exact = CanonicalParams.exact(params.eosTokens());
        CanonicalRules ofText = rules.withoutAdded(params.eosTokens());
        Step<CanonicalTree> begin = dummyPrefix.length == 0
                ? Step.done(CanonicalTree.initial(ofText, exact, EosMode.WITHOUT_EOS))
                : CanonicalTree.afterDummyPrefix(ofText, exact, EosMode.WITHOUT_EOS);
        return begin.then(start -> start.readToEnd(text, 0, text.length))
                .map(read -> requireLive(read.logProb().logLower(), read, text.length))
                .map(read -> read.withMode(EosMode.WITH_EOS).withParams(params));
    }

    /**
     * Nothing written after a prompt, in which the names of all tokens are those tokens.
     *
     * @throws NoResultException if no canonical tokens spell it
     */
    Step<TreeText> written(byte[] prompt) {
        requireUnchanged(prompt);
        byte[] all = Arrays.copyOf(dummyPrefix, dummyPrefix.length + prompt.length);
        System.arraycopy(prompt, 0, all, dummyPrefix.length, prompt.length);
        return TreeText.reading(rules, all, params)
                .map(text -> requireLive(text.logProb().logLower(), text, prompt.length));
    }

    private static <T> T requireLive(double logProb, T read, int bytes) {
        if (logProb == Double.NEGATIVE_INFINITY) {
            throw new NoResultException(
                    "no canonical tokenization reads these " + bytes + " bytes, or the model gives it no probability");
        }
        return read;
    }

    private void requireUnchanged(byte[] text) {
        int changed = rules.firstChange(text);
        if (changed >= 0) {
            throw new NoResultException("the tokenizer would change byte " + (changed + 1) + " of " + text.length
                    + " before it cuts the text (NFC), so no canonical tokens spell the text as it is; compose it before,"
                    + " or set 'tokenizations' = 'all'");
        }
    }
}
