/** The operator that scores many documents at the same time. */
@NullMarked
package io.bytelm.job.likelihood.scoring;

import org.jspecify.annotations.NullMarked;
