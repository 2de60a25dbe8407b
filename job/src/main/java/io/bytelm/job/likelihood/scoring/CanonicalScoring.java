package io.bytelm.job.likelihood.scoring;

import java.io.Serializable;

/**
 * Documents are read by the tokens that the model's own tokenizer writes, and no others.
 *
 * @param defer where every byte is scored: contexts whose share of the probability is at most this are not evaluated while
 *     that holds; 0 evaluates all
 */
public record CanonicalScoring(double defer) implements Serializable {
    private static final long serialVersionUID = 1;

    /** @throws IllegalArgumentException if {@code defer} is out of its range */
    public CanonicalScoring {
        if (!(defer >= 0 && defer < 1)) {
            throw new IllegalArgumentException("--defer must be at least 0 and less than 1, got " + defer);
        }
    }
}
