package io.bytelm.job.sql;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.bytelm.canonical.CanonicalParams;
import io.bytelm.record.Tokenizations;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** Over which tokenizations of a text is summed: the options of the command line. */
final class TokenizationOptions {
    static final ConfigOption<String> TOKENIZATIONS = key("tokenizations")
            .stringType()
            .defaultValue(Tokenizations.ALL.label())
            .withDescription(
                    "all, by a beam, or canonical: those alone that the model's own tokenizer writes, all of them.");

    private static final ConfigOption<Double> DEFER = key("defer")
            .doubleType()
            .defaultValue(0.0)
            .withDescription(
                    "With canonical tokenizations, for a score of every byte and for the tasks next and decode: leave out"
                            + " contexts with at most this share of the probability for as long as it is no more; by default 0"
                            + " (exact).");

    static final Set<ConfigOption<?>> ALL = Set.of(TOKENIZATIONS, DEFER);

    private TokenizationOptions() {}

    /**
     * How canonical tokenizations are followed; null for all tokenizations.
     *
     * @param eosTokens ids of the tokens that end a text
     * @param everyByte whether each byte matters, not the end of the text alone
     * @throws org.apache.flink.table.api.ValidationException if an option has no meaning beside another one, or is out of
     *     its range
     */
    static @Nullable CanonicalParams read(GivenOptions given, int[] eosTokens, boolean everyByte) {
        if (given.choice(TOKENIZATIONS, Tokenizations.class) == Tokenizations.ALL) {
            given.refuseAll(
                    Set.of(DEFER),
                    "is for 'tokenizations' = 'canonical'; where all are followed 'prune-threshold' leaves out");
            return null;
        }
        given.refuseAll(
                BeamOptions.OF_ALL_TOKENIZATIONS,
                "is for the beam over all tokenizations; with 'tokenizations' = 'canonical' nothing is dropped and nothing"
                        + " is healed: leave it out");
        if (!everyByte) {
            given.refuseAll(
                    Set.of(DEFER),
                    "is for scores of every byte (column '" + TextScore.SURPRISAL_BITS + "'); without them the"
                            + " log-likelihood is exact, and takes one context a token");
        }
        double defer = given.get(DEFER);
        if (!(defer >= 0 && defer < 1)) {
            throw GivenOptions.refused(DEFER, "must be at least 0 and less than 1, got " + defer);
        }
        return new CanonicalParams(defer, eosTokens);
    }
}
