/** The forms that records have in Kafka: JSON, Protobuf, headers. */
@NullMarked
package io.bytelm.record.wire;

import org.jspecify.annotations.NullMarked;
