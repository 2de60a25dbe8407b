package io.bytelm.service;

import io.bytelm.lm.TokenContext;
import io.bytelm.trie.TokenByteTrie;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The last bytes of the text that a request is about, and the contexts that read them, as far as their rows are known: those
 * that the asked one grew from, those that were evaluated lately and cut these bytes in other ways, and those that were guessed and
 * go on beyond them.
 */
final class ReadingsOfText {
    /** What parted from the asked context longer ago is mostly pruned (tokens). */
    private static final int MAX_TOKENS_BACK = 8;

    private static final int MAX_READINGS = 32;

    private static final int NO_TOKEN = -1;

    private final TokenByteTrie trie;
    private final RecentContexts recent;
    private final Function<TokenContext, @Nullable EvaluatedRow> rows;
    private final byte[] text;
    private final int askedAt;
    private final List<Reading> readings = new ArrayList<>();

    /**
     * A context.
     *
     * @param at how many bytes of the text it has read; more than there are if it foretells some
     * @param logWeight of its tokens, given those of the asked context (nats): above 0 if they are more probable
     */
    record Reading(TokenContext context, EvaluatedRow row, int at, double logWeight) {}

    /**
     * @param rows those that are known; comparing contexts is cheap if the asked one is built on the instances that these are kept
     *     under
     * @param path the bytes after the asked context, as far as they are known; not to be changed
     */
    ReadingsOfText(
            TokenByteTrie trie,
            RecentContexts recent,
            Function<TokenContext, @Nullable EvaluatedRow> rows,
            TokenContext asked,
            byte[] path) {
        this.trie = trie;
        this.recent = recent;
        this.rows = rows;
        Deque<TokenContext> tokensBack = tokensBack(asked);
        this.text = text(tokensBack, path);
        this.askedAt = text.length - path.length;
        addAncestors(tokensBack);
    }

    /** The bytes after the oldest of these contexts; the newest are known to come, and not all of them need have been read. */
    byte[] text() {
        return text;
    }

    /** How many bytes of the text the asked context has read. */
    int askedAt() {
        return askedAt;
    }

    List<Reading> all() {
        return readings;
    }

    /** The asked context, and before it those that it grew from one after the other, as long as their rows are known. */
    private Deque<TokenContext> tokensBack(TokenContext asked) {
        Deque<TokenContext> oldestFirst = new ArrayDeque<>(List.of(asked));
        TokenContext at = asked.parent();
        while (at != null && oldestFirst.size() <= MAX_TOKENS_BACK && rows.apply(at) != null) {
            oldestFirst.addFirst(at);
            at = at.parent();
        }
        return oldestFirst;
    }

    private byte[] text(Deque<TokenContext> tokensBack, byte[] path) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokensBack.stream().skip(1).forEach(context -> bytes.writeBytes(lastBytes(context)));
        bytes.writeBytes(path);
        return bytes.toByteArray();
    }

    private void addAncestors(Deque<TokenContext> tokensBack) {
        TokenContext at = tokensBack.removeLast();
        int end = askedAt;
        double logWeight = 0;
        while (!tokensBack.isEmpty()) {
            TokenContext parent = tokensBack.removeLast();
            EvaluatedRow row = rows.apply(parent);
            if (row == null) {
                return; // it has been forgotten since
            }
            end -= lastBytes(at).length;
            logWeight -= logProb(row, at.lastToken());
            addWithGrown(new Reading(parent, row, end, logWeight), at.lastToken());
            at = parent;
        }
    }

    /** @param except a token after which another reading goes on */
    private void addWithGrown(Reading reading, int except) {
        readings.add(reading);
        for (int token : recent.grownFrom(reading.context())) {
            if (token != except
                    && readings.size() < MAX_READINGS
                    && fits(trie.vocabulary().bytes(token), reading.at())) {
                TokenContext grown = reading.context().plus(token);
                EvaluatedRow row = rows.apply(grown);
                if (row != null) {
                    int end = reading.at() + lastBytes(grown).length;
                    addWithGrown(
                            new Reading(grown, row, end, reading.logWeight() + logProb(reading.row(), token)),
                            NO_TOKEN);
                }
            }
        }
    }

    private double logProb(EvaluatedRow row, int token) {
        return Math.log(row.columns()[trie.position(token)]);
    }

    private byte[] lastBytes(TokenContext context) {
        return trie.vocabulary().bytes(context.lastToken());
    }

    /** Whether these bytes may stand there, as far as those are known. */
    private boolean fits(byte[] bytes, int from) {
        int start = Math.min(from, text.length);
        int known = Math.min(bytes.length, text.length - start);
        return Arrays.equals(bytes, 0, known, text, start, start + known);
    }
}
