package io.bytelm.record.wire;

import com.google.protobuf.ByteString;
import io.bytelm.record.SpanScore;
import io.bytelm.record.proto.Event;
import io.bytelm.record.proto.Span;
import org.jspecify.annotations.Nullable;

/** A span of a session, as a Protobuf message: a {@code Score} whose field {@code span} is set. */
public final class SpanProtobuf {
    private SpanProtobuf() {}

    /** @param shortening null to write all of it */
    static byte[] write(SpanScore score, @Nullable Shortening shortening, SourceFields sources) {
        io.bytelm.span.Span span = score.span();
        Span.Builder message = Span.newBuilder()
                .setIndex(span.index())
                .setFrom(span.from())
                .setTo(span.to())
                .setLogLikelihood(span.logLikelihood())
                .setBits(span.bits());
        if (shortening == null || shortening.keepsTexts()) {
            message.setText(ByteString.copyFrom(span.text()));
        }
        Double word = span.wordLogLikelihood();
        if (word != null) {
            message.setWordLogLikelihood(word);
        }
        return ScoreProtobuf.beginning(score, Event.EVENT_SPAN, shortening, sources)
                .setSpan(message)
                .build()
                .toByteArray();
    }
}
