package io.bytelm.lm;

/**
 * The memory of a model's device, if it has memory of its own.
 *
 * @param usedBytes taken now, by whoever uses the device
 * @param totalBytes all that it has
 */
public record DeviceMemory(long usedBytes, long totalBytes) {}
