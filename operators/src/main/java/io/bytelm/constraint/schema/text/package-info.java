/** The texts of JSON's scalars as byte automata: strings with their escapes, formats, numbers in ranges. */
@NullMarked
package io.bytelm.constraint.schema.text;

import org.jspecify.annotations.NullMarked;
