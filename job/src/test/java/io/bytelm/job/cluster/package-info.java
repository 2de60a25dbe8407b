/** The job on a cluster of separate processes, parts of which are killed, frozen, or cut off from their disk. */
@NullMarked
package io.bytelm.job.cluster;

import org.jspecify.annotations.NullMarked;
