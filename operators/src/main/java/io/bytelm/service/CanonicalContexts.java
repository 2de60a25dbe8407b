package io.bytelm.service;

import io.bytelm.lm.CanonicalTokenizer;
import io.bytelm.lm.TokenContext;
import io.bytelm.vocab.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The contexts that texts would have if the tokenizer had cut them, as far as the texts are known. A beam's best
 * hypothesis usually goes through them, so a request on the way tells where it will be some tokens later. Each stretch of
 * a text is handed out once. Another hypothesis that is asked for beside them usually stays some tokens longer: while both read
 * the same text, neither becomes much less probable than the other. Confined to one thread.
 *
 * <p>It remembers contexts by their fingerprints and holds none of them, so it takes about a megabyte however long they are. Two
 * that share a fingerprint cost a guess, or the lack of one, and change no result.
 */
final class CanonicalContexts {
    /** Shorter paths are not worth a call of the tokenizer (bytes). */
    private static final int MIN_PATH_BYTES = 16;
    /** Fewer tokens ahead are not worth a guess. */
    private static final int MIN_NEW_TOKENS = 4;
    /** Where so much is known to be canonical already, the next stretch can wait (bytes). */
    private static final int ENOUGH_BYTES_AHEAD = 16;
    /** An alternative that left the canonical contexts longer ago begins ones of its own (tokens). */
    private static final int MAX_TOKENS_BACK = 16;

    /** Of an alternative. After each further one it may be pruned: with more of them, fewer than half are asked for. */
    private static final int MAX_TOKENS_OF_BRANCH = 3;

    /** What the tokenizer reads for these. */
    private static final int MAX_BYTES_OF_BRANCH = 64;

    private static final int MAX_KEPT = 8192;
    private static final byte[] NO_BYTES = {};

    private final Vocabulary vocabulary;
    private final CanonicalTokenizer tokenizer;
    private final byte[] dummyPrefix;

    /** By its fingerprint, what has been handed out of the text after a canonical context; of the last text, where it is not the same. */
    private final Map<Long, HandedOut> canonical = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, HandedOut> eldest) {
            return size() > MAX_KEPT;
        }
    };

    /** The bytes of a text from one index to another. */
    private record HandedOut(byte[] text, int from, int to) {
        int length() {
            return to - from;
        }

        boolean holds(byte[] other, int bytes) {
            return bytes <= length() && Arrays.equals(text, from, from + bytes, other, 0, bytes);
        }

        /** This, or another one after the same context, if this has not all that the other one has. */
        HandedOut or(HandedOut other) {
            byte[] bytes = Arrays.copyOfRange(other.text, other.from, other.to);
            return holds(bytes, bytes.length) ? this : other;
        }
    }

    /**
     * A stretch of text.
     *
     * @param text what follows the first context; more of it than the contexts spell
     * @param contexts canonical ones, the first before the text, each one token longer than the one before
     */
    record Stretch(byte[] text, List<TokenContext> contexts) {}

    CanonicalContexts(Vocabulary vocabulary, CanonicalTokenizer tokenizer) {
        this.vocabulary = vocabulary;
        this.tokenizer = tokenizer;
        this.dummyPrefix = vocabulary.dummyPrefix();
    }

    /**
     * The canonical contexts around what is asked for and some tokens ahead of it.
     *
     * @param path the bytes after {@code asked}
     * @param isLost of a context that was handed out: whether its row is not there any more, or never came
     * @return null if there are too few that were not handed out before, or were lost
     * @throws io.bytelm.lm.ModelException if the tokenizer fails
     */
    @Nullable
    Stretch ahead(TokenContext asked, byte[] path, Predicate<TokenContext> isLost) {
        if (isTooShort(path)) {
            return null;
        }
        TokenContext start = newestCanonical(asked);
        byte[] text = textAfter(start, asked, path);
        int askedAt = text.length - path.length;
        boolean isAgain = isCanonical(asked) && isLost.test(asked);
        if (!isAgain && isHandedOut(start, text, askedAt + ENOUGH_BYTES_AHEAD)) {
            return null;
        }
        List<TokenContext> contexts = contextsAlong(start, text, Integer.MAX_VALUE);
        long missing = contexts.stream()
                .skip(1)
                .filter(context -> !isCanonical(context) || (isAgain && isLost.test(context)))
                .count();
        if (missing < MIN_NEW_TOKENS) {
            return null;
        }
        remember(contexts, text);
        return new Stretch(text, contexts);
    }

    /**
     * The contexts that go on from an alternative to canonical ones, as the tokenizer cuts the rest. From then on they are canonical
     * themselves, and so is the alternative.
     *
     * @param path the bytes after {@code asked}
     * @return none if {@code asked} is no alternative
     * @throws io.bytelm.lm.ModelException if the tokenizer fails
     */
    List<TokenContext> branch(TokenContext asked, byte[] path) {
        if (isTooShort(path) || newestCanonical(asked) == asked) {
            return List.of();
        }
        byte[] near = Arrays.copyOf(path, Math.min(path.length, MAX_BYTES_OF_BRANCH));
        List<TokenContext> contexts = contextsAlong(asked, near, MAX_TOKENS_OF_BRANCH);
        if (contexts.size() > 1) {
            remember(contexts, near);
        }
        return contexts.subList(1, contexts.size());
    }

    private boolean isHandedOut(TokenContext start, byte[] text, int bytes) {
        HandedOut known = canonical.get(fingerprint(start));
        return known != null && known.holds(text, bytes);
    }

    private void remember(List<TokenContext> contexts, byte[] text) {
        int end = contexts.stream().skip(1).mapToInt(this::lastBytes).sum();
        byte[] spelled = Arrays.copyOf(text, end);
        int at = 0;
        for (int i = 0; i < contexts.size(); i++) {
            at += i == 0 ? 0 : lastBytes(contexts.get(i));
            canonical.merge(fingerprint(contexts.get(i)), new HandedOut(spelled, at, end), HandedOut::or);
        }
    }

    private int lastBytes(TokenContext context) {
        return vocabulary.bytes(context.lastToken()).length;
    }

    private boolean isCanonical(TokenContext context) {
        return canonical.containsKey(fingerprint(context));
    }

    /** Whether too little is known of the bytes after a context to guess by it. */
    static boolean isTooShort(byte[] path) {
        return path.length < MIN_PATH_BYTES;
    }

    static long fingerprint(TokenContext context) {
        return (long) context.length() << Integer.SIZE | Integer.toUnsignedLong(context.hashCode());
    }

    private TokenContext newestCanonical(TokenContext asked) {
        if (asked.olderTokens() > 0) {
            return asked; // what it grew from may hold less than the model reads of it
        }
        TokenContext at = asked;
        for (int back = 0; at != null && back < MAX_TOKENS_BACK; back++) {
            if (isCanonical(at)) {
                return at;
            }
            at = at.parent();
        }
        return asked;
    }

    private byte[] textAfter(TokenContext start, TokenContext asked, byte[] path) {
        int[] tokens = asked.lastTokens(asked.length() - start.length());
        int length = Arrays.stream(tokens)
                .map(token -> vocabulary.bytes(token).length)
                .sum();
        byte[] text = new byte[length + path.length];
        int at = 0;
        for (int token : tokens) {
            byte[] bytes = vocabulary.bytes(token);
            System.arraycopy(bytes, 0, text, at, bytes.length);
            at += bytes.length;
        }
        System.arraycopy(path, 0, text, at, path.length);
        return text;
    }

    /**
     * Stops where the tokens do not spell the text: it is not UTF-8 there, the tokenizer normalizes it, or it has a token
     * that the model has no row for.
     */
    private List<TokenContext> contextsAlong(TokenContext start, byte[] text, int mostTokens) {
        List<TokenContext> contexts = new ArrayList<>(List.of(start));
        TokenContext context = start;
        int at = 0;
        for (int token : tokensOfWholeWords(text)) {
            byte[] bytes = token < vocabulary.size() ? vocabulary.bytes(token) : NO_BYTES;
            int to = at + bytes.length;
            boolean spells =
                    bytes.length > 0 && to <= text.length && Arrays.equals(bytes, 0, bytes.length, text, at, to);
            if (!spells || contexts.size() > mostTokens) {
                break;
            }
            context = context.plus(token);
            contexts.add(context);
            at = to;
        }
        return contexts;
    }

    /** What comes after the known bytes may change the last word's tokens: without it, or at least the last two. */
    private int[] tokensOfWholeWords(byte[] text) {
        int from = startsWithDummyPrefix(text) ? dummyPrefix.length : 0; // the tokenizer puts it there again
        for (int to = text.length - 1; to > text.length / 2; to--) {
            if (text[to] == ' ' || text[to] == '\n') {
                return tokenizer.tokens(Arrays.copyOfRange(text, from, to));
            }
        }
        int[] tokens = tokenizer.tokens(Arrays.copyOfRange(text, from, text.length));
        return Arrays.copyOf(tokens, Math.max(0, tokens.length - 2));
    }

    private boolean startsWithDummyPrefix(byte[] text) {
        return text.length >= dummyPrefix.length
                && Arrays.equals(dummyPrefix, 0, dummyPrefix.length, text, 0, dummyPrefix.length);
    }
}
