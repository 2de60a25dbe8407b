package io.bytelm.span;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.LookArounds;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.regex.Regex;
import io.bytelm.constraint.regex.RegexOptions;
import java.util.stream.IntStream;

/**
 * Splits into the matches of a regular expression and what is between them: from left to right, of the matches that begin at a
 * byte the longest one of at most {@link #MOST_UNDECIDED_BYTES} bytes. For a byte of a text an automaton reads at most twice as many
 * bytes, whatever the expression.
 *
 * <p>What is undecided is the beginning of what may become a match.
 */
final class MatchSplitter implements Splitter {
    /** A pattern that is compiled within these takes a few tens of milliseconds. */
    private static final CompileLimits LIMITS = new CompileLimits(20_000, 100, 8L << 20, 2_000_000);

    private final ByteDfa matches;

    private MatchSplitter(ByteDfa matches) {
        this.matches = matches;
    }

    /** @throws IllegalArgumentException as {@link SpanRule#splitter} */
    static MatchSplitter of(String pattern) {
        ByteDfa matches = compiled(pattern);
        if (matches.isEmpty()) {
            throw new IllegalArgumentException("the regular expression of spans matches no text at all");
        }
        if (matches.accepting(0)) {
            throw new IllegalArgumentException(
                    "the regular expression of spans matches the empty text, at which nothing can"
                            + " be split; let it match at least one character (+ instead of *)");
        }
        return new MatchSplitter(matches);
    }

    private static ByteDfa compiled(String pattern) {
        try {
            CompileBudget budget = CompileBudget.start(LIMITS);
            if (LookArounds.areIn(Regex.parse(pattern, RegexOptions.FULL_MATCH, budget))) {
                throw new IllegalArgumentException(
                        "the regular expression of spans has ^, $, \\b or a look-around, which"
                                + " are not supported: whether a match ends is decided by its own bytes, not by the text around"
                                + " it");
            }
            return Regex.compile(pattern, RegexOptions.FULL_MATCH, Utf8.INSTANCE, budget);
        } catch (ConstraintException e) {
            throw new IllegalArgumentException("the regular expression of spans cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public Split next(int state, byte[] undecided) {
        return read(undecided, false);
    }

    @Override
    public Split atEnd(int state, byte[] undecided) {
        return read(undecided, true);
    }

    private Split read(byte[] bytes, boolean isEnd) {
        IntStream.Builder borders = IntStream.builder();
        int at = 0;
        while (at < bytes.length) {
            int length = matchAt(bytes, at, isEnd);
            if (length < 0) {
                break;
            }
            if (length > 0) {
                borders.add(at).add(at + length);
            }
            at += Math.max(1, length);
        }
        return new Split(0, borders.build().toArray(), at);
    }

    /** The length of the longest match that begins here, 0 if there is none; -1 if that is not known yet. */
    private int matchAt(byte[] bytes, int from, boolean isEnd) {
        int longest = 0;
        int state = 0;
        int at = from;
        while (at < bytes.length && at - from < MOST_UNDECIDED_BYTES) {
            state = matches.next(state, bytes[at++] & 0xFF);
            if (state == ByteDfa.DEAD) {
                return longest;
            }
            longest = matches.accepting(state) ? at - from : longest;
        }
        boolean isKnown = isEnd
                || at - from == MOST_UNDECIDED_BYTES
                || matches.live(state).isEmpty();
        return isKnown ? longest : -1;
    }
}
