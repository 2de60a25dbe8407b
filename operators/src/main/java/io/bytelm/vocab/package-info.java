/** What each token id of a model stands for in bytes, read from a Hugging Face {@code tokenizer.json}. */
@NullMarked
package io.bytelm.vocab;

import org.jspecify.annotations.NullMarked;
