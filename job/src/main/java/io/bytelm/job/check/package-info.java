/** What is checked before a job starts, on the client and again on every TaskManager, and the line that says how to mend it. */
@NullMarked
package io.bytelm.job.check;

import org.jspecify.annotations.NullMarked;
