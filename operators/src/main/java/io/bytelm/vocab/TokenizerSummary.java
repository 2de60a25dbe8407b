package io.bytelm.vocab;

/**
 * What can be said of a tokenizer, for people.
 *
 * @param kind such as {@code byte-level BPE}
 * @param tokens how many ids have a token, whichever file names it
 * @param beyond how many of these are above the rows that the model has
 * @param added how many of these are added tokens, those that are pieces of the tokenizer's model too among them
 */
public record TokenizerSummary(String kind, int tokens, int beyond, int added) {}
