package io.bytelm.job;

import io.bytelm.vocab.Vocabulary;
import java.util.Map;

/**
 * What can be told of a model without evaluating it.
 *
 * @param vocabulary what the tokenizer's ids stand for
 * @param identity fingerprints of vocabulary and weights, under the names that a {@link io.bytelm.lm.ModelIdentity} has them
 */
public record KnownModel(Vocabulary vocabulary, Map<String, String> identity) {}
