package io.bytelm.record;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Bytes in an {@code open}'s JSON object, given as text in one field or in hex in another one. */
record OpenBytes(JsonNode object, String textField, String hexField) {
    /** Null if they are given by neither. */
    byte @Nullable [] one() throws RejectedRecordException {
        JsonNode found = object.get(given());
        return found == null ? null : bytes(found);
    }

    /** Those of a list; null if there is none. */
    @Nullable
    List<byte[]> list() throws RejectedRecordException {
        String field = given();
        JsonNode found = object.get(field);
        if (found == null) {
            return null;
        }
        if (!found.isArray()) {
            throw OpenFields.wrong(field, found, "a list of " + (isHex() ? "byte strings in hex" : "texts"));
        }
        List<byte[]> list = new ArrayList<>();
        for (JsonNode element : found) {
            list.add(bytes(element));
        }
        return list;
    }

    private boolean isHex() {
        return object.has(hexField);
    }

    private String given() throws RejectedRecordException {
        if (object.has(textField) && isHex()) {
            throw OpenFields.malformed(
                    "both \"" + textField + "\" and \"" + hexField + "\" are given; allowed is one of them");
        }
        return isHex() ? hexField : textField;
    }

    private byte[] bytes(JsonNode found) throws RejectedRecordException {
        return isHex() ? unhex(found) : utf8(found);
    }

    private byte[] utf8(JsonNode found) throws RejectedRecordException {
        return utf8(textField, found, "text", "\"" + hexField + "\"");
    }

    /**
     * @param allowed what may stand there, for the message
     * @param elsewhere where bytes go that are no text
     */
    static byte[] utf8(String field, JsonNode found, String allowed, String elsewhere) throws RejectedRecordException {
        if (!found.isTextual()) {
            throw OpenFields.wrong(field, found, allowed);
        }
        try {
            ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(found.textValue()));
            byte[] bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw OpenFields.malformed("field \"" + field
                    + "\" holds half of a surrogate pair; allowed is text, other bytes go into " + elsewhere);
        }
    }

    private byte[] unhex(JsonNode found) throws RejectedRecordException {
        try {
            if (found.isTextual()) {
                return HexFormat.of().parseHex(found.textValue());
            }
        } catch (IllegalArgumentException notHex) {
            // told below, with what is not text either
        }
        throw OpenFields.wrong(hexField, found, "bytes in hex, two digits each");
    }
}
