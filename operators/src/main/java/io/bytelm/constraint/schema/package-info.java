/**
 * JSON Schema as a constraint. A schema becomes a Boolean algebra of value sets ({@code algebra}), whose scalars are byte
 * automata ({@code text}), and that becomes a network of automata with a stack and registers ({@code network}).
 */
@NullMarked
package io.bytelm.constraint.schema;

import org.jspecify.annotations.NullMarked;
