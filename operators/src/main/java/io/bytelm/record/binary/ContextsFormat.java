package io.bytelm.record.binary;

import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of a beam as one tree, so that a token that several of them share is written once. All numbers are
 * varints:
 *
 * <pre>
 *   elided          how many tokens at the beginning are kept elsewhere; always 0 in format 1
 *   stem            a count, then the tokens that all contexts begin with (after the elided ones), oldest first
 *   for each context, in the beam's order:
 *     base          0 is the stem, i is the i-th context before this one was written, counted from 1
 *     back          how many of the base's newest tokens to drop
 *     tail          a count, then the tokens that follow
 * </pre>
 *
 * <p>The stem of a long session is nearly all of its state, and it only ever grows at its end. A later format can keep it
 * in state of its own that is appended to, and say in {@code elided} how much of it belongs here; nothing else changes.
 *
 * <p>A token costs 1 byte if its id is below 128, 2 below 16,384, 3 below 2,097,152.
 */
final class ContextsFormat {
    private static final int MAX_TOKENS = Integer.MAX_VALUE;

    private ContextsFormat() {}

    static void write(List<TokenContext> contexts, DataOutputView out) throws IOException {
        Fields.writeVarint(0, out);
        int stemLength = stemLength(contexts);
        writeTokens(contexts.isEmpty() ? new int[0] : firstTokens(contexts.get(0), stemLength), out);
        for (int i = 0; i < contexts.size(); i++) {
            TokenContext context = contexts.get(i);
            int base = 0;
            int baseLength = stemLength;
            int shared = stemLength;
            for (int j = 0; j < i; j++) {
                int sharedWithJ = sharedLength(context, contexts.get(j));
                if (sharedWithJ > shared) {
                    shared = sharedWithJ;
                    base = j + 1;
                    baseLength = contexts.get(j).length();
                }
            }
            Fields.writeVarint(base, out);
            Fields.writeVarint(baseLength - shared, out);
            writeTokens(context.lastTokens(context.length() - shared), out);
        }
    }

    /** Reads {@code count} contexts; what they share is one object again. */
    static List<TokenContext> read(int count, DataInputView in) throws IOException {
        long elided = Fields.readVarint(in);
        if (elided != 0) {
            throw new IllegalArgumentException(elided + " tokens of its contexts are kept elsewhere");
        }
        TokenContext stem = readTokens(null, in);
        List<TokenContext> contexts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int base = Fields.readSize(in, i);
            TokenContext from = base == 0 ? stem : contexts.get(base - 1);
            int back = Fields.readSize(in, from == null ? 0 : from.length());
            TokenContext context = readTokens(without(from, back), in);
            if (context == null) {
                throw new IllegalArgumentException("a context without a token");
            }
            contexts.add(context);
        }
        return contexts;
    }

    /** How many tokens all contexts begin with. */
    private static int stemLength(List<TokenContext> contexts) {
        return contexts.stream()
                .mapToInt(context -> sharedLength(context, contexts.get(0)))
                .min()
                .orElse(0);
    }

    /** How many tokens two contexts begin with in common; takes as long as their ends differ. */
    private static int sharedLength(TokenContext one, TokenContext other) {
        int length = Math.min(one.length(), other.length());
        @Nullable TokenContext a = without(one, one.length() - length);
        @Nullable TokenContext b = without(other, other.length() - length);
        int shared = length;
        while (a != null && b != null && a != b) {
            if (a.lastToken() != b.lastToken()) {
                shared = a.length() - 1;
            }
            a = a.parent();
            b = b.parent();
        }
        return shared;
    }

    private static @Nullable TokenContext without(@Nullable TokenContext context, int newestTokens) {
        TokenContext at = context;
        for (int i = 0; i < newestTokens && at != null; i++) {
            at = at.parent();
        }
        return at;
    }

    private static int[] firstTokens(TokenContext context, int count) {
        return Arrays.copyOf(context.tokens(), count);
    }

    private static void writeTokens(int[] tokens, DataOutputView out) throws IOException {
        Fields.writeVarint(tokens.length, out);
        for (int token : tokens) {
            Fields.writeVarint(token, out);
        }
    }

    /** Grows a context (null: nothing yet) by the tokens that come next in the input. */
    private static @Nullable TokenContext readTokens(@Nullable TokenContext from, DataInputView in) throws IOException {
        int count = Fields.readSize(in, MAX_TOKENS);
        TokenContext context = from;
        for (int i = 0; i < count; i++) {
            int token = Fields.readSize(in, Integer.MAX_VALUE);
            context = context == null ? TokenContext.startingWith(token) : context.plus(token);
        }
        return context;
    }
}
