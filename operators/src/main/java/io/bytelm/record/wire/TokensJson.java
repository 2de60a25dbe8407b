package io.bytelm.record.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.bytelm.record.ToldTokens;
import io.bytelm.record.ToldTokens.Token;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Settled tokens as one line of JSON in UTF-8:
 *
 * <pre>
 *   session, session_hex    as in {@link ScoreJson}
 *   event                   "tokens"
 *   tokens                  in order: {"id":262,"from":-2,"to":3}; of the places, the second one is above 0
 *   truncated, source_topic, ..., restarted   as in {@link ScoreJson}
 * </pre>
 */
public final class TokensJson {
    private static final JsonFactory JSON = new JsonFactory();

    private TokensJson() {}

    /** @param shortening null to write all of it */
    static byte[] write(ToldTokens told, @Nullable Shortening shortening, SourceFields sources) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            WireFields.writeBeginning(told, "tokens", shortening, json);
            if (shortening == null) {
                writeTokens(told, json);
            }
            WireFields.writeEnd(told, shortening, sources, json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return out.toByteArray();
    }

    private static void writeTokens(ToldTokens told, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("tokens");
        for (Token token : told.tokens()) {
            json.writeStartObject();
            json.writeNumberField("id", token.id());
            json.writeNumberField("from", token.from());
            json.writeNumberField("to", token.to());
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
