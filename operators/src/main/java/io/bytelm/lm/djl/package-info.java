/** Llama- and GPT-2-family models on DJL's PyTorch engine, from a Hugging Face directory. */
@NullMarked
package io.bytelm.lm.djl;

import org.jspecify.annotations.NullMarked;
