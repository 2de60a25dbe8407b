/** Documents out of files: lines, whole files, JSON lines, compressed or not, and what becomes of those that cannot be read. */
@NullMarked
package io.bytelm.job.likelihood.document;

import org.jspecify.annotations.NullMarked;
