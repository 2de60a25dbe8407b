/** The commands, their options, and the YAML files that can hold the same options. */
@NullMarked
package io.bytelm.job.cli;

import org.jspecify.annotations.NullMarked;
