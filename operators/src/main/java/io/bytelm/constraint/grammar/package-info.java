/**
 * Context-free grammars as constraints: one automaton over bytes and calls for each rule, run on a graph-structured stack.
 */
@NullMarked
package io.bytelm.constraint.grammar;

import org.jspecify.annotations.NullMarked;
