/**
 * The canonical ways to read bytes as token contexts, whatever a model thinks of them, and whether the rules that they follow
 * are those of a tokenizer's own library.
 */
@NullMarked
package io.bytelm.lm.canonical;

import org.jspecify.annotations.NullMarked;
