package io.bytelm.decode;

import io.bytelm.beam.AllowedSymbols;
import io.bytelm.constraint.ByteSet;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.Cursor;
import io.bytelm.dist.Symbols;

/**
 * What a session may produce, and how. The same rules, session and prompt give the same output, however often it is
 * computed and wherever it is interrupted.
 *
 * @param constraint what an output must satisfy
 * @param maxBytes the byte budget: a byte after which the shortest completion would not fit is never drawn
 * @param eosEnds whether an output ends with an EOS token; then it ends with nothing else but a stop string
 * @param particles how many outputs are drawn side by side, at least 1
 * @param session a hash of the session's key
 */
public record DecodingRules(
        Constraint constraint,
        Sampler sampler,
        StopStrings stop,
        int maxBytes,
        boolean eosEnds,
        int particles,
        long session) {
    /** @throws IllegalArgumentException if a number is out of its range, or no output fits into the budget */
    public DecodingRules {
        if (maxBytes < 1) {
            throw new IllegalArgumentException("the byte budget must be at least 1, got " + maxBytes);
        }
        if (particles < 1) {
            throw new IllegalArgumentException("there must be at least 1 particle, got " + particles);
        }
        int fewest = constraint.start().fewestBytesToAccept();
        if (fewest > maxBytes) {
            throw new IllegalArgumentException("the shortest output that satisfies the constraint has " + fewest
                    + " bytes, but the byte budget is " + maxBytes);
        }
    }

    /** The bytes that may follow at a position that so many bytes led to. */
    public ByteSet live(Cursor cursor, int length) {
        return length >= maxBytes ? ByteSet.NONE : cursor.live(maxBytes - length);
    }

    /** Whether EOS may follow. */
    public boolean mayEnd(Cursor cursor) {
        return eosEnds && cursor.accepting();
    }

    /** What may follow: the live bytes, and EOS. */
    AllowedSymbols allowed(Cursor cursor, int length) {
        ByteSet live = live(cursor, length);
        boolean mayEnd = mayEnd(cursor);
        return AllowedSymbols.where(
                symbol -> symbol < Symbols.EOT ? live.contains(symbol) : symbol == Symbols.EOS && mayEnd);
    }

    /** The only byte that may follow; -1 if there is none, or a choice. */
    public int forcedByte(Cursor cursor, int length) {
        ByteSet live = live(cursor, length);
        int first = live.nextMember(0);
        return first < 0 || live.nextMember(first + 1) >= 0 || mayEnd(cursor) ? -1 : first;
    }

    CounterRandom random() {
        return new CounterRandom(sampler.seed(), session);
    }
}
