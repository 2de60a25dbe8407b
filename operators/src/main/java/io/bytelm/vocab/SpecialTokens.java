package io.bytelm.vocab;

import java.util.List;

/**
 * The token ids with a role in every sequence of a model.
 *
 * @param bos the id that every context begins with
 * @param eos the ids with which the model ends a sequence, as its configuration lists them; empty if it names none
 */
public record SpecialTokens(int bos, List<Integer> eos) {
    public SpecialTokens {
        eos = List.copyOf(eos);
    }
}
