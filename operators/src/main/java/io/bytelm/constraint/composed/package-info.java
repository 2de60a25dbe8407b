/**
 * Constraints joined to one: what is regular becomes one automaton over bytes, in which every other constraint is a symbol that
 * is read by a cursor of its own.
 */
@NullMarked
package io.bytelm.constraint.composed;

import org.jspecify.annotations.NullMarked;
