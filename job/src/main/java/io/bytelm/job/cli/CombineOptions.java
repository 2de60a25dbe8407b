package io.bytelm.job.cli;

import io.bytelm.combine.Combination;
import io.bytelm.job.UserException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How several models become one. */
final class CombineOptions {
    static final String COMBINE = "--combine";
    private static final double USUAL_ALPHA = 1;

    @Option(
            names = COMBINE,
            paramLabel = "HOW",
            order = 121,
            description = "Combine the models of several --model or --service, byte by byte: mixture (weighted sum of"
                    + " probabilities), product (weighted sum of their logs, normalized) or contrast (base + alpha x"
                    + " (expert - anti), normalized: of two models the first is base and expert, of three they come in"
                    + " this order).")
    private Combination.@Nullable Kind kind;

    @Option(
            names = "--weight",
            paramLabel = "W",
            order = 122,
            split = ",",
            hideParamSyntax = true,
            description = "The weight of each model, in their order: of a mixture such that they sum to 1 (default: all"
                    + " alike), of a product any (default: 1 each).")
    private List<Double> weights = new ArrayList<>();

    @Option(names = "--alpha", paramLabel = "A", order = 123, description = "How much a contrast counts. Default: 1.")
    private @Nullable Double alpha;

    /** Whether anything is said of how models are combined. */
    boolean isGiven() {
        return kind != null || !weights.isEmpty() || alpha != null;
    }

    /**
     * Null for one model.
     *
     * @param models how many are named
     * @throws UserException if an option is missing, means nothing, or has a value that cannot be
     */
    @Nullable
    Combination combination(int models) {
        if (kind == null) {
            if (!weights.isEmpty() || alpha != null) {
                throw new UserException((alpha != null ? "--alpha" : "--weight")
                        + " says how several models are combined; set --combine mixture, product or contrast");
            }
            if (models > 1) {
                throw new UserException(models + " models are given; say what becomes of them with --combine mixture,"
                        + " product or contrast");
            }
            return null;
        }
        if (models < 2 || models > Combination.MOST_MODELS) {
            throw new UserException("--combine combines 2 to " + Combination.MOST_MODELS + " models, but " + models
                    + (models == 1 ? " is" : " are") + " given; name each with a --model of its own, or a --service");
        }
        return kind == Combination.Kind.CONTRAST ? contrast(models) : weighted(kind, models);
    }

    private Combination contrast(int models) {
        if (!weights.isEmpty()) {
            throw new UserException("--weight means nothing with --combine contrast; leave it out, and set --alpha");
        }
        if (models > 3) {
            throw new UserException("--combine contrast takes 2 models (expert, anti) or 3 (base, expert, anti), but "
                    + models + " are given");
        }
        try {
            return Combination.contrast(alpha == null ? USUAL_ALPHA : alpha);
        } catch (IllegalArgumentException e) {
            throw new UserException("--alpha: " + e.getMessage(), e);
        }
    }

    private Combination weighted(Combination.Kind how, int models) {
        if (alpha != null) {
            throw new UserException("--alpha is for --combine contrast; leave it out, and set --weight");
        }
        if (!weights.isEmpty() && weights.size() != models) {
            throw new UserException("--weight is given " + weights.size() + (weights.size() == 1 ? " time" : " times")
                    + " for " + models + " models; give one for each, in their order");
        }
        try {
            boolean isMixture = how == Combination.Kind.MIXTURE;
            if (weights.isEmpty()) {
                return isMixture
                        ? Combination.evenMixture(models)
                        : Combination.product(Collections.nCopies(models, 1.0));
            }
            return isMixture ? Combination.mixture(weights) : Combination.product(weights);
        } catch (IllegalArgumentException e) {
            throw new UserException("--weight: " + e.getMessage(), e);
        }
    }
}
