/** Grammars in the notation of Lark, as constraints. */
@NullMarked
package io.bytelm.constraint.lark;

import org.jspecify.annotations.NullMarked;
