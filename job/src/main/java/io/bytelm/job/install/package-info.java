/** Puts what all jobs of a process share into the lib directory of a Flink distribution. */
@NullMarked
package io.bytelm.job.install;

import org.jspecify.annotations.NullMarked;
