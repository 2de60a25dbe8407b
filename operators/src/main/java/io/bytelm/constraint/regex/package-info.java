/** Regular expressions in ECMA-262's syntax, as constraints. */
@NullMarked
package io.bytelm.constraint.regex;

import org.jspecify.annotations.NullMarked;
