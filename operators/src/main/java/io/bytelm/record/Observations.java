package io.bytelm.record;

import io.bytelm.span.SpanProgress;
import io.bytelm.span.SpanRule;
import org.jspecify.annotations.Nullable;

/**
 * How far a session has come with what it says beside its scores. Immutable.
 *
 * @param spans null where the text is not split
 */
public record Observations(@Nullable Spans spans) {
    /** There is nothing beside the scores. */
    public static final Observations NONE = new Observations(null);

    /**
     * A text that is being split.
     *
     * @param progress its numbers are those of the session's totals
     */
    public record Spans(SpanRule rule, SpanProgress progress) {
        /** The same text further on. */
        public Spans with(SpanProgress newProgress) {
            return new Spans(rule, newProgress);
        }
    }

    /** Before the first scored byte. */
    public static Observations begun(Observing asked) {
        SpanRule rule = asked.spans();
        return rule == null ? NONE : new Observations(new Spans(rule, SpanProgress.NONE));
    }
}
