/** The next-byte distribution over 258 symbols, and arithmetic on log-probabilities. */
@NullMarked
package io.bytelm.dist;

import org.jspecify.annotations.NullMarked;
