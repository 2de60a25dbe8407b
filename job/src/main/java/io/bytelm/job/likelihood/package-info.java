/** Offline likelihood: how probable a model finds each document of a corpus, as a Flink job that can be killed and goes on. */
@NullMarked
package io.bytelm.job.likelihood;

import org.jspecify.annotations.NullMarked;
