package io.bytelm.lm.checkpoint;

/** Where a block's norms stand: {@code A} is attention, {@code F} the feed-forward block, {@code N} and {@code M} norms. */
public enum BlockLayout {
    /** {@code x += A(N(x)); x += F(M(x))}: most families. */
    PRE,
    /** {@code x += N(A(x)); x += M(F(x))}: OLMo 2. */
    POST,
    /** {@code x += N'(A(N(x))); x += M'(F(M(x)))}: Gemma 2. */
    SANDWICH,
    /** {@code x += A(N(x)) + F(M(x))}: GPT-NeoX; where there is one norm, {@code M} is {@code N}. */
    PARALLEL
}
