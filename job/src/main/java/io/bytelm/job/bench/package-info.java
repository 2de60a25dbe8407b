/** The user's benchmark: one model, one file, on this machine. */
@NullMarked
package io.bytelm.job.bench;

import org.jspecify.annotations.NullMarked;
