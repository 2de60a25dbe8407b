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
 * @param toldTokens how many tokens of the text have been told, those of the prompt included; null where none are, or the
 *     session reads on after dead ends
 * @param toldPlaces how far tokens have been told where it does; else null
 */
public record Observations(
        @Nullable Spans spans,
        @Nullable Surprisals surprisals,
        boolean alerted,
        @Nullable Integer toldTokens,
        @Nullable ToldPlaces toldPlaces) {
    /** There is nothing beside the scores. */
    public static final Observations NONE = new Observations(null, null, false, null);

    /** Of a session that stops at a dead end. */
    public Observations(
            @Nullable Spans spans, @Nullable Surprisals surprisals, boolean alerted, @Nullable Integer toldTokens) {
        this(spans, surprisals, alerted, toldTokens, null);
    }

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
     * @param reading after the prompt
     * @param restarts whether it is read on after dead ends
     */
    public static Observations begun(Observing asked, Reading reading, boolean restarts) {
        SpanRule rule = asked.spans();
        int windowBytes = asked.anomalyWindowBytes();
        boolean tokens = asked.settledTokens();
        return new Observations(
                rule == null ? null : new Spans(rule, SpanProgress.NONE),
                windowBytes == 0 ? null : Surprisals.of(windowBytes),
                false,
                tokens && !restarts ? Integer.valueOf(reading.settledTokens()) : null,
                tokens && restarts ? ToldPlaces.NONE : null);
    }

    /** The same with another text that is being split. */
    public Observations with(Spans newSpans) {
        return new Observations(newSpans, surprisals, alerted, toldTokens, toldPlaces);
    }

    /** The same with other surprisals. */
    public Observations with(Surprisals newSurprisals, boolean newAlerted) {
        return new Observations(spans, newSurprisals, newAlerted, toldTokens, toldPlaces);
    }

    /** The same once so many tokens are told. */
    public Observations withTold(int newToldTokens) {
        return new Observations(spans, surprisals, alerted, newToldTokens, toldPlaces);
    }

    /** The same once tokens are told up to other places. */
    public Observations withTold(ToldPlaces newToldPlaces) {
        return new Observations(spans, surprisals, alerted, toldTokens, newToldPlaces);
    }
}
