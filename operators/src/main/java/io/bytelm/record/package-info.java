/** What comes in and goes out: records, their wire formats, and versioned serializers for Flink state. */
@NullMarked
package io.bytelm.record;

import org.jspecify.annotations.NullMarked;
