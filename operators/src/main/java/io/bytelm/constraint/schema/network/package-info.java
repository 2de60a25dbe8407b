/**
 * A compiled schema in motion: programs for values, one automaton or register machine each, and positions that run them
 * side by side with a stack of open arrays and objects. JSON says by its brackets when a value ends, so alternatives are
 * told apart value by value and the number of runs never grows with the document (a visibly pushdown automaton, Alur and
 * Madhusudan 2004).
 */
@NullMarked
package io.bytelm.constraint.schema.network;

import org.jspecify.annotations.NullMarked;
