/** The port to a token language model: contexts of token ids in, next-token probabilities out. */
@NullMarked
package io.bytelm.lm;

import org.jspecify.annotations.NullMarked;
