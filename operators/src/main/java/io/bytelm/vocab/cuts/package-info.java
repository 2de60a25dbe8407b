/**
 * Where a tokenizer cuts a text before it makes tokens of it: its pretokenizer, read byte by byte. A cut that depends on
 * bytes to come is followed both ways until they decide it.
 */
@NullMarked
package io.bytelm.vocab.cuts;

import org.jspecify.annotations.NullMarked;
