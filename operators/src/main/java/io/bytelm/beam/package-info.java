/** The pure algorithm: a beam over tokenizations that advances byte by byte. No Flink, no DJL, no threads. */
@NullMarked
package io.bytelm.beam;

import org.jspecify.annotations.NullMarked;
