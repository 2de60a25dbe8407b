package io.bytelm.record;

import io.bytelm.record.OutputRecord.Result;
import io.bytelm.span.Span;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A span of a session's text, once it is known to have ended.
 *
 * @param session the Kafka key; not to be changed
 * @param span its places count scored bytes, the prompt not included
 * @param truncated see {@link Result#truncated()}
 * @param source the input record that showed that it had ended
 */
public record SpanScore(byte[] session, Span span, boolean truncated, SourcePosition source) implements Result {
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpanScore that
                && Arrays.equals(session, that.session)
                && span.equals(that.span)
                && truncated == that.truncated
                && source.equals(that.source);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(session), span, source);
    }
}
