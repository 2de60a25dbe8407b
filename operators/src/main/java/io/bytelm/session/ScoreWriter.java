package io.bytelm.session;

import io.bytelm.beam.DeadEndKind;
import io.bytelm.candidate.CandidateScores;
import io.bytelm.dist.Symbols;
import io.bytelm.record.CandidatesRecord;
import io.bytelm.record.Emission;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Event;
import io.bytelm.record.OutputRecord.Score;
import io.bytelm.record.SessionState.DeadEnd;
import io.bytelm.record.SessionState.Totals;
import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import io.bytelm.session.TextReader.Expected;
import io.bytelm.span.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes the scores that one input record causes.
 *
 * @param session the record's key
 * @param source where the record came from
 * @param contextTokens how many tokens of a context the model reads at most
 */
record ScoreWriter(byte[] session, SourcePosition source, long contextTokens) {
    /** Without what comes next. */
    Score scored(Event event, Totals totals, int longestContext) {
        return score(event, totals, longestContext, null, null, null, null);
    }

    /** @param next what comes next, of which the session's emission says how much to list */
    Score scored(Event event, Totals totals, Expected next, Emission emission) {
        return score(event, totals, next.longestContext(), listed(next, emission), null, null, null);
    }

    /** The last score of a session that has EOS tokens: it says how probable the end is. */
    Score endWithEos(Totals totals, Expected next, Emission emission) {
        double eosLogProb = next.next().logProb(Symbols.EOS);
        NextSymbols listed = listed(next, emission);
        return score(Event.END, totals, next.longestContext(), listed, eosLogProb, null, null);
    }

    /** The last score of a session that ran into a dead end before. */
    Score endAfterDeadEnd(DeadEnd deadEnd) {
        return score(Event.END, deadEnd.totals(), deadEnd.longestContext(), null, null, null, null);
    }

    /** @param failedByte as in {@link Score#failedByte()} */
    Score deadEnd(DeadEnd deadEnd, @Nullable Integer failedByte) {
        return score(Event.DEAD_END, deadEnd.totals(), deadEnd.longestContext(), null, null, failedByte, null);
    }

    /**
     * A dead end that the session is read on after.
     *
     * @param before the totals of the bytes before it
     * @param failedByte as in {@link Score#failedByte()}
     */
    Score readingOn(Totals before, int longestContext, @Nullable Integer failedByte, DeadEndKind kind) {
        return score(Event.DEAD_END, before, longestContext, null, null, failedByte, kind);
    }

    /** What candidates weigh; they have changed nothing. */
    CandidatesRecord candidates(Totals totals, CandidateScores scores) {
        boolean truncated = scores.longestContext() > contextTokens;
        return new CandidatesRecord(session, totals.bytes(), totals.logLikelihood(), scores, truncated, source);
    }

    /** Of spans that have ended, each. */
    Outputs plusSpans(Outputs outputs, List<Span> spans, int longestContext) {
        Outputs all = outputs;
        for (Span span : spans) {
            all = all.plus(new SpanScore(session, span, longestContext > contextTokens, source));
        }
        return all;
    }

    /** Of tokens that have settled, if there are any. */
    Outputs plusTokens(Outputs outputs, List<Token> tokens, int longestContext) {
        return tokens.isEmpty()
                ? outputs
                : outputs.plus(new ToldTokens(session, tokens, longestContext > contextTokens, source));
    }

    private static @Nullable NextSymbols listed(Expected next, Emission emission) {
        return emission.top() == 0 ? null : NextSymbols.top(next.next(), emission.top());
    }

    private Score score(
            Event event,
            Totals totals,
            int longestContext,
            @Nullable NextSymbols next,
            @Nullable Double eosLogProb,
            @Nullable Integer failedByte,
            @Nullable DeadEndKind kind) {
        return new Score(
                session,
                event,
                totals.bytes(),
                totals.skippedBytes(),
                totals.bytes() - totals.emittedBytes(),
                totals.logLikelihood() - totals.emittedLogLikelihood(),
                totals.logLikelihood(),
                totals.logLikelihoodUpper(),
                next,
                eosLogProb,
                failedByte,
                kind,
                longestContext > contextTokens,
                source,
                null);
    }
}
