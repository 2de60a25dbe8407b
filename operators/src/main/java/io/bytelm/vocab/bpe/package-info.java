/** What byte-pair encoding makes of a piece of text, and which two tokens can stand beside each other in it. */
@NullMarked
package io.bytelm.vocab.bpe;

import org.jspecify.annotations.NullMarked;
