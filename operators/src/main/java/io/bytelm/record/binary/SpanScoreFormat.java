package io.bytelm.record.binary;

import io.bytelm.record.SourcePosition;
import io.bytelm.record.SpanScore;
import io.bytelm.span.Span;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/** A span of a session: the session, index and places as varints, text, log-likelihood, the word's with a presence byte, whether contexts were shortened, the source. */
final class SpanScoreFormat {
    private SpanScoreFormat() {}

    static void write(SpanScore score, DataOutputView out) throws IOException {
        Span span = score.span();
        Fields.writeBytes(score.session(), out);
        Fields.writeVarint(span.index(), out);
        Fields.writeVarint(span.from(), out);
        Fields.writeVarint(span.to(), out);
        Fields.writeBytes(span.text(), out);
        out.writeDouble(span.logLikelihood());
        ObservationsFormat.writeNullable(span.wordLogLikelihood(), out);
        out.writeBoolean(score.truncated());
        InputRecordSerializer.writeSource(score.source(), out);
    }

    static SpanScore read(DataInputView in) throws IOException {
        byte[] session = Fields.readBytes(in);
        long index = Fields.readVarint(in);
        long from = Fields.readVarint(in);
        long to = Fields.readVarint(in);
        byte[] text = Fields.readBytes(in);
        double logLikelihood = in.readDouble();
        @Nullable Double word = ObservationsFormat.readNullable(in);
        boolean truncated = Fields.readFlag(in);
        SourcePosition source = InputRecordSerializer.readSource(in);
        return new SpanScore(session, new Span(index, from, to, text, logLikelihood, word), truncated, source);
    }
}
