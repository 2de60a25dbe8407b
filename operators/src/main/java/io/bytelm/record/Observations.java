package io.bytelm.record;

import io.bytelm.span.SpanProgress;
import io.bytelm.span.SpanRule;
import org.jspecify.annotations.Nullable;

/**
 * How far a session has come with what it says beside its log-likelihoods. Immutable.
 *
 * @param spans null where the text is not split
 * @param surprisals null where nobody asks how unusual bytes are
 * @param alerted whether the last bytes are so unusual that an alert was told
 * @param toldTokens how many tokens of the text have been told, those of the prompt included; null where none are
 */
public record Observations(
        @Nullable Spans spans,
        @Nullable Surprisals surprisals,
        boolean alerted,
        @Nullable Integer toldTokens) {
    /** There is nothing beside the scores. */
    public static final Observations NONE = new Observations(null, null, false, null);

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

    /**
     * Before the first scored byte.
     *
     * @param settledTokens how many tokens of the prompt have settled
     */
    public static Observations begun(Observing asked, int settledTokens) {
        SpanRule rule = asked.spans();
        int windowBytes = asked.anomalyWindowBytes();
        return new Observations(
                rule == null ? null : new Spans(rule, SpanProgress.NONE),
                windowBytes == 0 ? null : Surprisals.of(windowBytes),
                false,
                asked.settledTokens() ? Integer.valueOf(settledTokens) : null);
    }

    /** The same with another text that is being split. */
    public Observations with(Spans newSpans) {
        return new Observations(newSpans, surprisals, alerted, toldTokens);
    }

    /** The same with other surprisals. */
    public Observations with(Surprisals newSurprisals, boolean newAlerted) {
        return new Observations(spans, newSurprisals, newAlerted, toldTokens);
    }

    /** The same once so many tokens are told. */
    public Observations withTold(int newToldTokens) {
        return new Observations(spans, surprisals, alerted, newToldTokens);
    }
}
