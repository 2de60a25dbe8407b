package io.bytelm.decode;

import io.bytelm.beam.Step;
import io.bytelm.dist.LogSpace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outputs of a session: particles of sequential Monte Carlo. Each round draws one symbol for each of them; when the
 * effective sample size falls below half of their number, they are resampled (systematic resampling; Kitagawa 1996, Del
 * Moral, Doucet, Jasra 2006). Immutable.
 *
 * @param drafts the particles, at least one
 * @param rounds how many symbols were drawn for each
 * @param logEvidence log of the product of the mean weights at all resamplings (nats)
 */
public record Decoding(List<Draft> drafts, long rounds, double logEvidence) {
    /** Its random numbers are in a stream of their own; those of the particles have their indexes. */
    private static final long RESAMPLING_STREAM = -1;

    private static final long CHOOSING_STREAM = -2;

    public Decoding {
        drafts = List.copyOf(drafts);
    }

    /**
     * A round, and what the first particle's byte was drawn from.
     *
     * @param drawnFrom null if no byte was drawn
     */
    public record Round(Decoding after, @Nullable MaskedNext drawnFrom) {}

    /**
     * The outputs before their first choice.
     *
     * @param prompted the text after the prompt, of which nothing is written
     */
    public static Step<Decoding> begin(ReadText prompted, DecodingRules rules) {
        return Draft.begin(prompted, rules)
                .map(draft -> new Decoding(Collections.nCopies(rules.particles(), draft), 0, 0));
    }

    /** Draws one symbol for each output that has not ended. */
    public Step<Round> next(DecodingRules rules) {
        List<Step<Draft.Move>> moves = new ArrayList<>();
        for (int stream = 0; stream < drafts.size(); stream++) {
            moves.add(drafts.get(stream).step(rules, stream));
        }
        return Step.together(moves).map(moved -> {
            List<Draft> after = moved.stream().map(Draft.Move::draft).toList();
            Decoding next = new Decoding(after, rounds + 1, logEvidence);
            return new Round(next.resampledIfUneven(rules), moved.get(0).drawnFrom());
        });
    }

    /** Draws until every output has ended. */
    public Step<Decoding> finish(DecodingRules rules) {
        return Step.loop(
                this,
                decoding -> !decoding.hasEnded(),
                decoding -> decoding.next(rules).map(Round::after));
    }

    /** Whether all outputs have ended. */
    public boolean hasEnded() {
        return drafts.stream().allMatch(draft -> draft.ending() != null);
    }

    /** The outputs' log weights (nats) since the last resampling, in their order. */
    public double[] logWeights() {
        return drafts.stream().mapToDouble(Draft::logWeight).toArray();
    }

    /**
     * Log of the estimated probability (nats) that the model, after the prompt, satisfies the constraint; the estimate
     * itself, not its logarithm, is unbiased once all outputs have ended.
     */
    public double logConstraintProbability() {
        return logEvidence + logMean(logWeights());
    }

    /** How many equally weighted outputs these are worth: 1 to their number; 0 if none weighs anything. */
    public double effectiveSampleSize() {
        return Resampling.effectiveSampleSize(logWeights());
    }

    /** The index of an output that is drawn by weight; the first one if none weighs anything. */
    public int chosen(DecodingRules rules) {
        double[] weights = logWeights();
        if (Resampling.effectiveSampleSize(weights) == 0) {
            return 0;
        }
        double total = LogSpace.logSumExp(weights);
        for (int i = 0; i < weights.length; i++) {
            weights[i] -= total;
        }
        return Sampler.draw(weights, rules.random().uniform(CHOOSING_STREAM, rounds));
    }

    private Decoding resampledIfUneven(DecodingRules rules) {
        double[] weights = logWeights();
        double size = Resampling.effectiveSampleSize(weights);
        if (hasEnded() || size == 0 || size >= drafts.size() / 2.0) {
            return this;
        }
        double uniform = rules.random().uniform(RESAMPLING_STREAM, rounds);
        List<Draft> drawn = new ArrayList<>(drafts.size());
        for (int ancestor : Resampling.systematic(weights, uniform)) {
            drawn.add(drafts.get(ancestor).resampled());
        }
        return new Decoding(drawn, rounds, logEvidence + logMean(weights));
    }

    private static double logMean(double[] logWeights) {
        return LogSpace.logSumExp(logWeights) - Math.log(logWeights.length);
    }
}
