/** Whose an output directory is: of several runs that write into one, only the last one may. */
@NullMarked
package io.bytelm.job.likelihood.ownership;

import org.jspecify.annotations.NullMarked;
