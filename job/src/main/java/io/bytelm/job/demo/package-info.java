/** The demonstration: real text in many sessions, through a broker and a job of its own. */
@NullMarked
package io.bytelm.job.demo;

import org.jspecify.annotations.NullMarked;
