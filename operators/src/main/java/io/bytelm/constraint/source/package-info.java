/** Constraints of every kind from their text: what users write, compiled off the callers' threads and cached. */
@NullMarked
package io.bytelm.constraint.source;

import org.jspecify.annotations.NullMarked;
