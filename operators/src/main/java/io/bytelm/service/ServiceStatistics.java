package io.bytelm.service;

/**
 * What an {@link EmbeddedTrieLmService} has done so far.
 *
 * @param requests calls of {@code expand}
 * @param evaluations contexts that the model was asked for
 * @param cacheHits requests answered from a row already evaluated, or from one being evaluated for another request
 * @param batches evaluations of the model, each of one batch
 * @param largestBatch the most contexts in one batch
 */
public record ServiceStatistics(long requests, long evaluations, long cacheHits, long batches, int largestBatch) {}
