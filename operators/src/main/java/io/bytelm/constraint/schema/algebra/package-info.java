/**
 * Sets of JSON values as a Boolean algebra: nodes stand for the set that a schema allows, and their values are computed
 * type by type when they are asked for, so recursive schemas are finite. Free of keywords and of bytes in motion.
 */
@NullMarked
package io.bytelm.constraint.schema.algebra;

import org.jspecify.annotations.NullMarked;
