package io.bytelm.lm.djl;

/**
 * What an engine has done since it was opened.
 *
 * @param rows distributions read
 * @param contextTokens tokens of the contexts that those followed: all would be computed without a cache
 * @param computedTokens tokens whose states were computed
 * @param passes script calls that computed them
 * @param trunkTokens tokens whose states were laid one after the other with others of their text, see {@link Trunk}; again where such
 *     were joined
 * @param evictedTokens tokens whose states had to make room for others
 * @param cachedTokens tokens whose states are kept now
 * @param usedTokens for how many memory is resident on the CPU: about the most that were kept at the same time so far
 * @param capacityTokens tokens that are kept at most, unless one context is longer
 * @param capacityBytes the memory that those take
 */
public record EngineStatistics(
        long rows,
        long contextTokens,
        long computedTokens,
        long passes,
        long trunkTokens,
        long evictedTokens,
        int cachedTokens,
        int usedTokens,
        int capacityTokens,
        long capacityBytes) {}
