package io.bytelm.lm.djl;

/**
 * What an engine has done since it was opened.
 *
 * @param rows distributions read
 * @param contextTokens tokens of the contexts that those followed: all would be computed without a cache
 * @param computedTokens tokens whose states were computed
 * @param passes script calls that computed them
 * @param evictedTokens tokens whose states had to make room for others
 * @param cachedTokens tokens whose states are kept now
 * @param usedTokens the most that were kept at the same time so far: on the CPU, memory for so many is resident
 * @param capacityTokens tokens that are kept at most, unless one context is longer
 * @param capacityBytes the memory that those take
 */
public record EngineStatistics(
        long rows,
        long contextTokens,
        long computedTokens,
        long passes,
        long evictedTokens,
        int cachedTokens,
        int usedTokens,
        int capacityTokens,
        long capacityBytes) {}
