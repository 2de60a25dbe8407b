package io.bytelm.canonical;

import io.bytelm.lm.TokenContext;
import io.bytelm.lm.canonical.Head;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The contexts without which some heads cannot be weighed: those of the heads, and all that these grew from. Where the heads
 * are the ones at a text's end, that is the trunk and a few more. Used by one thread.
 */
final class NeededContexts {
    /**
     * One of the heads.
     *
     * @param place the number of the place in the text at which it is
     * @param open how many bytes its open token has so far
     */
    record Reading(int place, int open) {}

    /** A context, and what it is needed for. */
    static final class Needed {
        private final TokenContext context;
        private final long at;
        private final @Nullable Needed parent;
        private final List<Reading> readings = new ArrayList<>(1);
        private int pathBytes;

        private Needed(TokenContext context, long at, @Nullable Needed parent) {
            this.context = context;
            this.at = at;
            this.parent = parent;
        }

        TokenContext context() {
            return context;
        }

        /** How many bytes of the text its tokens are. */
        long at() {
            return at;
        }

        /** The one that it grew from by its last token; null of the first. */
        @Nullable
        Needed parent() {
            return parent;
        }

        List<Reading> readings() {
            return readings;
        }

        /** How many bytes after it matter. */
        int pathBytes() {
            return pathBytes;
        }
    }

    private final Vocabulary vocabulary;
    private final Map<TokenContext, Needed> byContext = new HashMap<>();

    NeededContexts(Vocabulary vocabulary) {
        this.vocabulary = vocabulary;
    }

    /**
     * Needs the heads with an open token; what one has just closed is told by the head that had it open.
     *
     * @param place the number of the place
     * @param length of the text up to there (bytes)
     */
    void add(List<Head> heads, int place, long length) {
        for (Head head : heads) {
            if (!head.isClosed()) {
                Needed needed = need(head.context(), length - head.open());
                needed.readings.add(new Reading(place, head.open()));
                needed.pathBytes = Math.max(needed.pathBytes, head.open());
            }
        }
    }

    private Needed need(TokenContext context, long at) {
        Deque<TokenContext> missing = new ArrayDeque<>();
        TokenContext known = context;
        long knownAt = at;
        while (known != null && !byContext.containsKey(known)) {
            missing.push(known);
            TokenContext parent = known.parent();
            knownAt -= parent == null ? 0 : tokenBytes(known);
            known = parent;
        }
        Needed last = known == null ? null : byContext.get(known);
        for (TokenContext next : missing) {
            knownAt += last == null ? 0 : tokenBytes(next);
            if (last != null) {
                last.pathBytes = Math.max(last.pathBytes, tokenBytes(next));
            }
            last = new Needed(next, knownAt, last);
            byContext.put(next, last);
        }
        return Objects.requireNonNull(last);
    }

    private int tokenBytes(TokenContext context) {
        return vocabulary.bytes(context.lastToken()).length;
    }

    /** All of them, each after the one that it grew from. */
    List<Needed> inOrder() {
        List<Needed> all = new ArrayList<>(byContext.values());
        all.sort(Comparator.comparingInt(needed -> needed.context.length()));
        return all;
    }
}
