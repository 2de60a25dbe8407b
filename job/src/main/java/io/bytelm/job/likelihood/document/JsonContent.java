package io.bytelm.job.likelihood.document;

import org.jspecify.annotations.Nullable;

/** A document in a JSON object: its text as UTF-8. Where a field comes twice, the last one counts. Used by one thread. */
final class JsonContent implements LineDocuments.Content {
    private static final int ROOM_FOR_OTHER_FIELDS = 1 << 16;

    private final DocumentSettings settings;

    JsonContent(DocumentSettings settings) {
        this.settings = settings;
    }

    /** Twice the text and some room for the other fields: escaped text is longer than its bytes. */
    static int maxLineBytes(int maxDocumentBytes) {
        return (int) Math.min(Integer.MAX_VALUE - 16, 2L * maxDocumentBytes + ROOM_FOR_OTHER_FIELDS);
    }

    /** Null if not there, or of another type. */
    private record Found(@Nullable String id, @Nullable JsonString text) {}

    @Override
    public @Nullable Item of(Item line) {
        Found found;
        try {
            JsonScanner json = new JsonScanner(line.bytes());
            if (json.peek() == JsonScanner.END) {
                return null;
            }
            found = read(json);
        } catch (JsonFault e) {
            return line.rejected(
                    RejectReason.MALFORMED_JSON, "line " + line.position() + " is no JSON object: " + e.getMessage());
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

    private Found read(JsonScanner json) throws JsonFault {
        String id = null;
        JsonString text = null;
        json.require('{');
        boolean ends = json.takes('}');
        while (!ends) {
            String name = json.string().text();
            json.require(':');
            boolean isString = json.peek() == '"';
            JsonString string = isString ? json.string() : null;
            String scalar = string == null ? json.value() : "";
            if (name.equals(settings.textField())) {
                text = string;
            }
            if (name.equals(settings.idField())) {
                id = id(string, scalar, id);
            }
            ends = json.takes('}');
            if (!ends) {
                json.require(',');
            }
        }
        if (json.peek() != JsonScanner.END) {
            throw new JsonFault(json.unexpected().getMessage() + ", behind the object");
        }
        return new Found(id, text);
    }

    private static @Nullable String id(@Nullable JsonString string, String scalar, @Nullable String before) {
        if (string != null) {
            return string.text();
        }
        return scalar.isEmpty() || scalar.equals("null") ? before : scalar;
    }

    private Item encoded(Item named, JsonString text) {
        byte[] bytes = text.utf8();
        if (bytes == null) {
            return named.rejected(
                    RejectReason.INVALID_TEXT, "the text holds half of a surrogate pair, which has no UTF-8 bytes");
        }
        return bytes.length > settings.maxBytes()
                ? named.rejected(RejectReason.TOO_LONG, TooLong.message("the text", bytes.length, settings.maxBytes()))
                : Item.document(named.source(), named.position(), named.id(), bytes, named.inputBytes());
    }
}
