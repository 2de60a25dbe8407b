package io.bytelm.service;

import io.bytelm.lm.TokenContext;

/**
 * Asks for the probability masses along one path of bytes through the vocabulary's trie, after one context.
 *
 * @param context the closed tokens
 * @param path the bytes read since the last closed token, then bytes known to come (as many as the caller likes; the
 *     answer stops where no token goes on). Not to be changed afterwards.
 * @param eosTokens the token ids that end the sequence: their mass lies on {@link io.bytelm.dist.Symbols#EOS} at the root
 *     instead of along their bytes. Empty where EOS tokens are ordinary tokens (prefill). Ascending, no id twice. Not to
 *     be changed afterwards.
 * @param rowsFrom whole rows of 258 masses are wanted at this depth of the path and at each one below it;
 *     {@link #NO_ROWS} if at none
 * @param silencesSpecials whether special tokens ({@link io.bytelm.vocab.TokenKind#SPECIAL}) that are no EOS tokens have
 *     no mass along their bytes, nor anywhere else but at the root, where all mass is
 * @param ahead how many masses of the most probable ways on from the path's end are of use, {@link Expansion#ahead}; the
 *     answer may have fewer, or none
 * @param model which of {@link TrieLmService#models} is asked; 0 for the first, or the only one
 * @param takesWholeAsOne whether the mass at the root may be said to be 1, which it is but for the model's rounding: the
 *     columns that no byte of the path leads to then need not be read
 */
public record ExpandRequest(
        TokenContext context,
        byte[] path,
        int[] eosTokens,
        int rowsFrom,
        boolean silencesSpecials,
        int ahead,
        int model,
        boolean takesWholeAsOne) {
    /** No row is wanted. */
    public static final int NO_ROWS = Integer.MAX_VALUE;

    /** Special tokens count as text. */
    public ExpandRequest(TokenContext context, byte[] path, int[] eosTokens, int rowsFrom) {
        this(context, path, eosTokens, rowsFrom, false);
    }

    /** Nothing beyond the path is of use. */
    public ExpandRequest(TokenContext context, byte[] path, int[] eosTokens, int rowsFrom, boolean silencesSpecials) {
        this(context, path, eosTokens, rowsFrom, silencesSpecials, 0, 0, false);
    }

    /** The only model is asked, or the first of several. */
    public ExpandRequest(
            TokenContext context, byte[] path, int[] eosTokens, int rowsFrom, boolean silencesSpecials, int ahead) {
        this(context, path, eosTokens, rowsFrom, silencesSpecials, ahead, 0, false);
    }

    /** The same request, to which so many masses beyond the path are of use. */
    public ExpandRequest withAhead(int masses) {
        return new ExpandRequest(context, path, eosTokens, rowsFrom, silencesSpecials, masses, model, takesWholeAsOne);
    }

    /** The same request to another one of several models. */
    public ExpandRequest of(int otherModel) {
        return new ExpandRequest(
                context, path, eosTokens, rowsFrom, silencesSpecials, ahead, otherModel, takesWholeAsOne);
    }

    /** The same request by who has no use for the mass at the root. */
    public ExpandRequest takingWholeAsOne() {
        return new ExpandRequest(context, path, eosTokens, rowsFrom, silencesSpecials, ahead, model, true);
    }
}
