/** Gathers single requests of many callers into batches bounded in size and in waiting time. */
@NullMarked
package io.bytelm.lm.batch;

import org.jspecify.annotations.NullMarked;
