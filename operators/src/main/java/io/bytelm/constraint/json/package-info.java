/** JSON texts (RFC 8259) as a constraint: a pushdown automaton over segments between structural characters. */
@NullMarked
package io.bytelm.constraint.json;

import org.jspecify.annotations.NullMarked;
