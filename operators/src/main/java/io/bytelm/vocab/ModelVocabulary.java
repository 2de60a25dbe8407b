package io.bytelm.vocab;

import java.util.List;

/**
 * The vocabulary of a model, and what a user should know of how it was read.
 *
 * @param tokenizer that it was made from
 * @param notices a line each, without the directory's name; usually none
 */
public record ModelVocabulary(Vocabulary vocabulary, TokenizerSummary tokenizer, List<String> notices) {}
