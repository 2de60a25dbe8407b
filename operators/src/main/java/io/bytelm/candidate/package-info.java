/**
 * One text, many continuations, pure: how probable each of them is after the text, shared beginnings being read once. No
 * Flink, no threads; what it needs of the model it asks for as {@link io.bytelm.beam.Step}.
 */
@NullMarked
package io.bytelm.candidate;

import org.jspecify.annotations.NullMarked;
