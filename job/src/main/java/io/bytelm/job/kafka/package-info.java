/** Kafka in and out: the source, the exactly-once sinks, the check of a broker, and a broker of our own. */
@NullMarked
package io.bytelm.job.kafka;

import org.jspecify.annotations.NullMarked;
