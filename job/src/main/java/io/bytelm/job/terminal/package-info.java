/** What the user sees: colours where the terminal has them, tables, bars, bytes as readable text. */
@NullMarked
package io.bytelm.job.terminal;

import org.jspecify.annotations.NullMarked;
