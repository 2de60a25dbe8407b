/** Runs compiled schemas against documents that are known to be valid or not. */
@NullMarked
package io.bytelm.constraint.schema.suite;

import org.jspecify.annotations.NullMarked;
