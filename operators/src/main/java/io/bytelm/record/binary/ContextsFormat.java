package io.bytelm.record.binary;

import io.bytelm.lm.TokenContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * The contexts of a beam as one tree, so that a token that several of them share is written once. All numbers are
 * varints:
 *
 * <pre>
 *   stem            a count, then the tokens that all contexts begin with, oldest first
 *   for each context, in the beam's order:
 *     base          0 is the stem, i is the i-th context before this one was written, counted from 1
 *     back          how many of the base's newest tokens to drop
 *     tail          a count, then the tokens that follow
 * </pre>
 *
 * <p>A token costs 1 byte if its id is below 128, 2 below 16,384, 3 below 2,097,152.
 */
final class ContextsFormat {
    private ContextsFormat() {}

    static void write(List<TokenContext> contexts, DataOutputView out) throws IOException {
        int stemLength = TokenContext.sharedLength(contexts);
        Fields.writeTokens(
                stemLength == 0 ? new int[0] : contexts.get(0).first(stemLength).tokens(), out);
        for (int i = 0; i < contexts.size(); i++) {
            TokenContext context = contexts.get(i);
            int base = 0;
            int baseLength = stemLength;
            int shared = stemLength;
            for (int j = 0; j < i; j++) {
                int sharedWithJ = context.sharedLength(contexts.get(j));
                if (sharedWithJ > shared) {
                    shared = sharedWithJ;
                    base = j + 1;
                    baseLength = contexts.get(j).length();
                }
            }
            Fields.writeVarint(base, out);
            Fields.writeVarint(baseLength - shared, out);
            Fields.writeTokens(context.lastTokens(context.length() - shared), out);
        }
    }

    /** Reads {@code count} contexts; what they share is one object again. */
    static List<TokenContext> read(int count, DataInputView in) throws IOException {
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

    private static @Nullable TokenContext without(@Nullable TokenContext context, int newestTokens) {
        TokenContext at = context;
        for (int i = 0; i < newestTokens && at != null; i++) {
            at = at.parent();
        }
        return at;
    }

    /** Grows a context (null: nothing yet) by the tokens that come next in the input. */
    private static @Nullable TokenContext readTokens(@Nullable TokenContext from, DataInputView in) throws IOException {
        TokenContext context = from;
        for (int token : Fields.readTokens(in)) {
            context = context == null ? TokenContext.startingWith(token) : context.plus(token);
        }
        return context;
    }
}
