package io.bytelm.lm;

/**
 * How much of a long context a model reads. A context of at most {@code maxTokens} is read whole; of a longer one the
 * oldest tokens fall out, BOS with them, in steps of {@code strideTokens}. With a stride of 1 the model reads just the
 * newest {@code maxTokens}, as the reference's {@code max_context_length} does, and every token moves all positions; with
 * a larger stride the beginning stays where it is for that many tokens, so that cached states stay valid, and the model
 * reads between {@code maxTokens - strideTokens + 1} and {@code maxTokens} of them.
 *
 * @param maxTokens at least 1
 * @param strideTokens in 1 .. {@code maxTokens}
 */
public record ContextWindow(int maxTokens, int strideTokens) {
    /** @throws IllegalArgumentException if a number is out of its range */
    public ContextWindow {
        if (maxTokens < 1) {
            throw new IllegalArgumentException(
                    "the longest context is " + maxTokens + " tokens; it must be at least 1");
        }
        if (strideTokens < 1 || strideTokens > maxTokens) {
            throw new IllegalArgumentException(
                    "the context stride is " + strideTokens + " tokens; it must be in 1 .. " + maxTokens);
        }
    }

    /** How many of the oldest tokens of a context of {@code length} tokens the model does not read. */
    public int droppedTokens(int length) {
        if (length <= maxTokens) {
            return 0;
        }
        int steps = (length - maxTokens + strideTokens - 1) / strideTokens;
        return steps * strideTokens;
    }

    /** The part of a context that the model reads: the context itself if it fits. */
    public TokenContext apply(TokenContext context) {
        int dropped = droppedTokens(context.length());
        return dropped == 0 ? context : TokenContext.of(context.lastTokens(context.length() - dropped));
    }
}
