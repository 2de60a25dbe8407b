package io.bytelm.job.likelihood.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A document in a JSON object: its text as UTF-8. Used by one thread. */
final class JsonContent implements LineDocuments.Content {
    private static final int ROOM_FOR_OTHER_FIELDS = 1 << 16;

    private final DocumentSettings settings;
    private final JsonFactory json;

    JsonContent(DocumentSettings settings) {
        this.settings = settings;
        StreamReadConstraints constraints = StreamReadConstraints.builder()
                .maxStringLength(maxLineBytes(settings.maxBytes()))
                .build();
        this.json = JsonFactory.builder().streamReadConstraints(constraints).build();
    }

    /** Twice the text and some room for the other fields: escaped text is longer than its bytes. */
    static int maxLineBytes(int maxDocumentBytes) {
        return (int) Math.min(Integer.MAX_VALUE - 16, 2L * maxDocumentBytes + ROOM_FOR_OTHER_FIELDS);
    }

    private record Found(@Nullable String id, @Nullable String text) {}

    @Override
    public Item of(Item line) {
        Found found;
        try {
            found = read(line.bytes());
        } catch (IOException e) {
            return line.rejected(RejectReason.MALFORMED_JSON, "the line is not a JSON object: " + firstLine(e));
        }
        String id = found.id == null ? line.id() : found.id;
        Item named = Item.document(line.source(), line.position(), id, line.bytes(), line.inputBytes());
        if (found.text == null) {
            return named.rejected(
                    RejectReason.MISSING_TEXT,
                    "the JSON object has no text in the field '" + settings.textField()
                            + "'; name it with --text-field");
        }
        return encoded(named, found.text);
    }

    private Found read(byte[] line) throws IOException {
        String id = null;
        String text = null;
        try (JsonParser parser = json.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("it does not begin with {");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (name.equals(settings.textField())) {
                    text = value == JsonToken.VALUE_STRING ? parser.getText() : null;
                }
                if (name.equals(settings.idField()) && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    id = parser.getText();
                }
                parser.skipChildren();
            }
            if (parser.nextToken() != null) {
                throw new IOException("something follows the object");
            }
        }
        return new Found(id, text);
    }

    private Item encoded(Item named, String text) {
        byte[] bytes;
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
        } catch (CharacterCodingException e) {
            return named.rejected(
                    RejectReason.INVALID_TEXT, "the text holds half of a surrogate pair, which has no UTF-8 bytes");
        }
        return bytes.length > settings.maxBytes()
                ? named.rejected(RejectReason.TOO_LONG, TooLong.message("the text", bytes.length, settings.maxBytes()))
                : Item.document(named.source(), named.position(), named.id(), bytes, named.inputBytes());
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }
}
