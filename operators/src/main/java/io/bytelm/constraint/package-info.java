/**
 * Byte-level constraints for decoding: what may come next, byte by byte, with no dead ends. The interfaces are here; each
 * kind of constraint has its own package, and all of them are built on the byte automata of {@code automaton}.
 */
@NullMarked
package io.bytelm.constraint;

import org.jspecify.annotations.NullMarked;
