/** Finite automata over bytes in flat arrays, and the algebra that builds them. */
@NullMarked
package io.bytelm.constraint.automaton;

import org.jspecify.annotations.NullMarked;
