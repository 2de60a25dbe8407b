package io.bytelm.record;

import io.bytelm.record.OutputRecord.Result;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a session's text that have settled: every way to read it that is still followed begins with them. Each is told once, in
 * order, and none is ever taken back. Those of the prompt are not told.
 *
 * @param session the Kafka key; not to be changed
 * @param tokens at least one
 * @param truncated see {@link Result#truncated()}
 * @param source the input record with which they settled
 */
public record ToldTokens(byte[] session, List<Token> tokens, boolean truncated, SourcePosition source)
        implements Result {
    /**
     * A token.
     *
     * @param id in the vocabulary
     * @param from how many scored bytes lie before it; negative if it begins in the prompt
     * @param to how many lie before its end
     */
    public record Token(int id, long from, long to) {}

    public ToldTokens {
        tokens = List.copyOf(tokens);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ToldTokens that
                && Arrays.equals(session, that.session)
                && tokens.equals(that.tokens)
                && truncated == that.truncated
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(session), tokens, source);
    }
}
