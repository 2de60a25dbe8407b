/** White space between the tokens of JSON: none, without limit, or in gaps of which none runs away. */
@NullMarked
package io.bytelm.constraint.whitespace;

import org.jspecify.annotations.NullMarked;
