/** Candidates on the command line: one question, or a file of them. */
@NullMarked
package io.bytelm.job.candidates;

import org.jspecify.annotations.NullMarked;
