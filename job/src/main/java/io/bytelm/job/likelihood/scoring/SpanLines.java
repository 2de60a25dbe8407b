package io.bytelm.job.likelihood.scoring;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.job.likelihood.document.Item;
import io.bytelm.span.SpanRule;
import io.bytelm.span.Splitter;
import io.bytelm.span.WholeText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Makes the lines of the spans of documents, in the form of {@link RowLine}. For the task thread. */
final class SpanLines {
    private final SpanRule rule;
    private final Splitter splitter;

    /** @throws IllegalArgumentException as {@link SpanRule#splitter} */
    SpanLines(SpanRule rule) {
        this.rule = rule;
        this.splitter = rule.splitter();
    }

    /** The places where words end, if something is said of them. */
    WordEnds wordEnds(byte[] document) {
        return rule.tellsWordEnds() ? WordEnds.of(splitter, document) : WordEnds.NONE;
    }

    /** Gives away a line for each span of a document whose bytes have scores, but for those that were left out. */
    void write(DocumentInFlight document, Consumer<String> lines) {
        int from = 0;
        long index = 0;
        for (int to : WholeText.ends(splitter, document.item().bytes())) {
            lines.accept(line(document, index++, from, to));
            from = to;
        }
    }

    private String line(DocumentInFlight document, long index, int from, int to) {
        Item item = document.item();
        double logLikelihood = sum(document, from, to);
        return RowLine.line(item, RowLine.keyOf(item) + String.format(Locale.ROOT, ".%019d", index), json -> {
            json.writeNumberField("span", index);
            json.writeNumberField("from", from);
            json.writeNumberField("to", to);
            writeText(Arrays.copyOfRange(item.bytes(), from, to), json);
            json.writeNumberField("bytes", to - from);
            json.writeNumberField("log_likelihood", logLikelihood);
            json.writeNumberField("bits", -logLikelihood / Math.log(2) + 0.0); // adding 0 turns -0 into 0
            if (rule.tellsWordEnds()) {
                writeWord(wordLogLikelihood(document, from, to), json);
            }
        });
    }

    private static double sum(DocumentInFlight document, int from, int to) {
        double sum = 0;
        for (int at = from; at < to; at++) {
            double logProb = document.byteLogProbs()[at];
            sum += Double.isNaN(logProb) ? 0 : logProb;
        }
        return sum;
    }

    /** As in {@link io.bytelm.span.Span#wordLogLikelihood}. */
    private static @Nullable Double wordLogLikelihood(DocumentInFlight document, int from, int to) {
        WordEnds ends = document.wordEnds();
        int end = ends.firstFrom(from + 1);
        return end < 0 || end > to ? null : Double.valueOf(sum(document, from, end) + ends.logProb(end));
    }

    /**
     * Where neither white space nor an end has any probability, or the white space was left out, nothing is known that JSON has a
     * number for.
     */
    private static void writeWord(@Nullable Double logLikelihood, JsonGenerator json) throws IOException {
        json.writeFieldName("word_log_likelihood");
        if (logLikelihood == null || !Double.isFinite(logLikelihood)) {
            json.writeNull();
        } else {
            json.writeNumber(logLikelihood);
        }
    }

    private static void writeText(byte[] bytes, JsonGenerator json) throws IOException {
        String text = textOf(bytes);
        json.writeStringField("text", text);
        if (text == null) {
            json.writeStringField("text_hex", HexFormat.of().formatHex(bytes));
        }
    }

    private static @Nullable String textOf(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
