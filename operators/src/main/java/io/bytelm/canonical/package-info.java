/**
 * The pure algorithm over canonical tokenizations: it follows only the tokens that the tokenizer itself would write, so the
 * sum is exact, or certified where work is deferred. No Flink, no DJL, no threads.
 */
@NullMarked
package io.bytelm.canonical;

import org.jspecify.annotations.NullMarked;
