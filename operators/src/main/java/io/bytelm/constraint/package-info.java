/** Byte-level constraints for decoding. */
@NullMarked
package io.bytelm.constraint;

import org.jspecify.annotations.NullMarked;
