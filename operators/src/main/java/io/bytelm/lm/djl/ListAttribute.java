package io.bytelm.lm.djl;

/**
 * A list that a TorchScript module holds, empty until one of its methods sets it.
 *
 * @param elementType in TorchScript
 */
record ListAttribute(String name, String elementType) {}
