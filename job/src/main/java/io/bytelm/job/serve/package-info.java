/** A process that serves a model: opened, ready, drained. */
@NullMarked
package io.bytelm.job.serve;

import org.jspecify.annotations.NullMarked;
