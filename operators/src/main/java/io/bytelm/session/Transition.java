package io.bytelm.session;

import io.bytelm.record.OutputRecord;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one input record does to its session; state and outputs are committed together.
 *
 * @param state the session's next state; null if nothing is left of it
 * @param outputs in the order of their emission
 */
public record Transition<S>(@Nullable S state, List<OutputRecord> outputs) {}
