package io.bytelm.beam;

import io.bytelm.lm.TokenContext;
import io.bytelm.service.Expansion;
import org.jspecify.annotations.Nullable;

/**
 * One way to read the bytes so far as tokens: closed tokens, and the first bytes of a token that is still open.
 *
 * @param context the closed tokens, BOS first
 * @param partial the bytes since the last closed token; not to be changed
 * @param logWeight the log mass (nats) of all token sequences that begin so; {@code -Infinity} is possible
 * @param terminated an EOS token was read: nothing follows
 * @param massMode the mode in which its masses were, or are to be, asked for
 * @param masses what the service said along {@code partial} and some bytes beyond; null if that has to be asked for
 *     (again). It is a cache: two hypotheses that differ in it alone are equal, and it is never stored.
 */
public record Hypothesis(
        TokenContext context,
        byte[] partial,
        double logWeight,
        boolean terminated,
        EosMode massMode,
        @Nullable Expansion masses) {}
