/**
 * Several models on one text, pure: each reads it in its own tokens, and what they expect of the next byte becomes one
 * distribution. No Flink, no threads; what it needs of the models it asks for as {@link io.bytelm.beam.Step}.
 */
@NullMarked
package io.bytelm.combine;

import org.jspecify.annotations.NullMarked;
