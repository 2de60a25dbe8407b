/** Reads Hugging Face model directories: the configuration and the weights, without any tensor library. */
@NullMarked
package io.bytelm.lm.checkpoint;

import org.jspecify.annotations.NullMarked;
