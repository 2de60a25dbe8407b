/** The command line's entry points and the streaming topologies. */
@NullMarked
package io.bytelm.job;

import org.jspecify.annotations.NullMarked;
