/** Records as a stranger may send them, for tests of what must withstand them. */
@NullMarked
package io.bytelm.record.hostile;

import org.jspecify.annotations.NullMarked;
