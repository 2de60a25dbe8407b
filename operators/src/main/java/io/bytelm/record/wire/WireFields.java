package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.dist.Symbols;
import io.bytelm.record.NextSymbols;
import io.bytelm.record.OutputRecord.Result;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The fields that several JSON records have in common. */
final class WireFields {
    private static final HexFormat HEX = HexFormat.of();
    private static final int FIRST_NON_ASCII = 128;

    private WireFields() {}

    /** Bytes as text; where they are not UTF-8, null there, and in hex in another field. */
    static void writeBytes(String name, byte[] bytes, JsonGenerator json) throws IOException {
        String text = textOf(bytes);
        json.writeStringField(name, text);
        if (text == null) {
            json.writeStringField(name + "_hex", HEX.formatHex(bytes));
        }
    }

    /** The session and what happened in it; of a shortened result also what it stands for. */
    static void writeBeginning(Result result, String event, @Nullable Shortening shortening, JsonGenerator json)
            throws IOException {
        if (shortening == null) {
            writeBytes("session", result.session(), json);
            json.writeStringField("event", event);
            return;
        }
        writeBytes("session", shortening.session(result), json);
        if (shortening.cutsSession(result)) {
            json.writeNumberField("session_bytes", result.session().length);
            json.writeStringField("session_sha256", HEX.formatHex(Sha256.of(result.session())));
        }
        json.writeStringField("event", "too_large");
        json.writeStringField("of", event);
        json.writeNumberField("record_bytes", shortening.recordBytes());
        json.writeNumberField("limit_bytes", shortening.limitBytes());
        SourceFields.write(result.source(), json);
    }

    /**
     * The end of a result: that contexts were shortened for it, if they were, and where it comes from; of a shortened
     * result its beginning has said that.
     */
    static void writeEnd(Result result, @Nullable Shortening shortening, SourceFields sources, JsonGenerator json)
            throws IOException {
        if (result.truncated()) {
            json.writeBooleanField("truncated", true);
        }
        if (shortening == null && sources == SourceFields.WRITTEN) {
            SourceFields.write(result.source(), json);
        }
    }

    /** The most probable symbols; nothing if there are none to list. */
    static void writeNext(@Nullable NextSymbols next, JsonGenerator json) throws IOException {
        if (next == null) {
            return;
        }
        json.writeArrayFieldStart("next");
        for (int i = 0; i < next.size(); i++) {
            json.writeStartObject();
            writeSymbol(next.symbols()[i], json);
            writeLog("logprob", next.logProbs()[i], json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A logarithm; JSON has no infinity, so null is minus infinity. */
    static void writeLog(String name, double value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        if (value == Double.NEGATIVE_INFINITY) {
            json.writeNull();
        } else {
            json.writeNumber(value);
        }
    }

    private static void writeSymbol(int symbol, JsonGenerator json) throws IOException {
        if (symbol >= Symbols.EOT) {
            json.writeStringField("symbol", symbol == Symbols.EOS ? "EOS" : "EOT");
            return;
        }
        json.writeNumberField("byte", symbol);
        if (symbol < FIRST_NON_ASCII) {
            json.writeStringField("text", String.valueOf((char) symbol));
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
