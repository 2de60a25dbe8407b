/** From the job's rows to what the user sees: sorted files, totals, a picture. */
@NullMarked
package io.bytelm.job.likelihood.report;

import org.jspecify.annotations.NullMarked;
