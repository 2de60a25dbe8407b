package io.bytelm.record;

import io.bytelm.span.SpanRule;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * What a session that scores says beside its scores.
 *
 * @param spans into what its text is split, for a record each; null for nothing
 */
public record Observing(@Nullable SpanRule spans) implements Serializable {
    private static final long serialVersionUID = 1;

    /** Scores alone. */
    public static final Observing NOTHING = new Observing(null);
}
