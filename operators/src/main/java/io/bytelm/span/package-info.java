/** Where the words, lines, sentences and matches of a text end, found byte after byte. */
@NullMarked
package io.bytelm.span;

import org.jspecify.annotations.NullMarked;
