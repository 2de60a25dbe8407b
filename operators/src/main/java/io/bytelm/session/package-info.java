/** The keyed asynchronous Flink operator that holds one beam per session. */
@NullMarked
package io.bytelm.session;

import org.jspecify.annotations.NullMarked;
