/**
 * Constrained decoding, pure: which bytes may come, which one is drawn, when the output ends, and how much each output
 * weighs. No Flink, no threads; what it needs of the model it asks for as {@link io.bytelm.beam.Step}.
 */
@NullMarked
package io.bytelm.decode;

import org.jspecify.annotations.NullMarked;
