/** The versioned binary forms that records and session states have inside Flink. */
@NullMarked
package io.bytelm.record.binary;

import org.jspecify.annotations.NullMarked;
