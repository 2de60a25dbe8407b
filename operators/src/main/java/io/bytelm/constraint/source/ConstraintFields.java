package io.bytelm.constraint.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a constraint's JSON object, each read with a message that says where it stands, what was found and what is
 * allowed. Every method throws a {@link ConstraintException} for what is not allowed.
 *
 * @param pointer the JSON pointer of the object; empty for the root
 */
record ConstraintFields(JsonNode object, String pointer) {
    private static final String HEX = "_hex";
    private static final int MOST_SHOWN_CHARACTERS = 40;

    static ConstraintFields of(JsonNode found, String pointer) {
        return of(found, pointer, "a JSON object");
    }

    /** @param allowed what may stand there, for the message */
    static ConstraintFields of(JsonNode found, String pointer, String allowed) {
        if (!found.isObject()) {
            throw refused(pointer, "it is " + shown(found) + "; allowed is " + allowed);
        }
        return new ConstraintFields(found, pointer);
    }

    /** The fields of an object in this object; this object's own if that is absent. */
    ConstraintFields inner(String field) {
        JsonNode found = object.get(field);
        return found == null ? this : of(found, pointer + '/' + field);
    }

    void allow(Set<String> names) {
        for (Iterator<String> found = object.fieldNames(); found.hasNext(); ) {
            String name = found.next();
            if (!names.contains(name)) {
                throw refused(
                        pointer,
                        "unknown field \"" + shortened(name) + "\"; allowed are "
                                + String.join(", ", names.stream().sorted().toList()));
            }
        }
    }

    @Nullable
    JsonNode get(String field) {
        return object.get(field);
    }

    JsonNode required(String field) {
        JsonNode found = object.get(field);
        if (found == null) {
            throw refused(pointer, "the field \"" + field + "\" is missing");
        }
        return found;
    }

    /** A list of at least one element. */
    List<JsonNode> list(String field) {
        JsonNode found = required(field);
        if (!found.isArray() || found.isEmpty()) {
            throw wrong(field, found, "a list of at least one");
        }
        List<JsonNode> elements = new ArrayList<>();
        found.forEach(elements::add);
        return elements;
    }

    /** A whole number of at least 0; null is as if it was absent. */
    int count(String field, int absent) {
        JsonNode found = object.get(field);
        if (found == null || found.isNull()) {
            return absent;
        }
        if (!found.isIntegralNumber() || !found.canConvertToInt() || found.intValue() < 0) {
            throw wrong(field, found, "a whole number of at least 0");
        }
        return found.intValue();
    }

    /** Null is as if it was absent. */
    boolean flag(String field, boolean absent) {
        JsonNode found = object.get(field);
        if (found == null || found.isNull()) {
            return absent;
        }
        if (!found.isBoolean()) {
            throw wrong(field, found, "true or false");
        }
        return found.booleanValue();
    }

    String text(String field, String absent) {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        if (!found.isTextual()) {
            throw wrong(field, found, "a text");
        }
        if (!Utf8.canEncode(found.textValue())) {
            throw refused(pointer + '/' + field, "it holds half of a surrogate pair; allowed are whole characters");
        }
        return found.textValue();
    }

    /** Bytes given as text or, in the field that ends with {@code _hex}, in hex; null if by neither. */
    byte @Nullable [] bytes(String field) {
        JsonNode found = object.get(given(field));
        return found == null ? null : bytes(given(field), found);
    }

    /** Like {@link #bytes}: one, or a list of at least one; none if absent. Each has at least one byte. */
    List<byte[]> strings(String field) {
        String given = given(field);
        JsonNode found = object.get(given);
        if (found == null) {
            return List.of();
        }
        List<byte[]> strings = new ArrayList<>();
        for (JsonNode each : found.isArray() ? list(given) : List.of(found)) {
            byte[] bytes = bytes(given, each);
            if (bytes.length == 0) {
                throw wrong(given, each, "at least one byte");
            }
            strings.add(bytes);
        }
        return strings;
    }

    private String given(String field) {
        if (object.has(field) && object.has(field + HEX)) {
            throw refused(
                    pointer, "both \"" + field + "\" and \"" + field + HEX + "\" are given; allowed is one of them");
        }
        return object.has(field + HEX) ? field + HEX : field;
    }

    private byte[] bytes(String field, JsonNode found) {
        if (!field.endsWith(HEX)) {
            return utf8(found, pointer + '/' + field);
        }
        try {
            if (found.isTextual()) {
                return HexFormat.of().parseHex(found.textValue());
            }
        } catch (IllegalArgumentException notHex) {
            // told below, with what is not text either
        }
        throw wrong(field, found, "bytes in hex, two digits each");
    }

    /** The bytes of a text. */
    static byte[] utf8(JsonNode found, String pointer) {
        if (!found.isTextual()) {
            throw refused(pointer, "it is " + shown(found) + "; allowed is a text");
        }
        if (!Utf8.canEncode(found.textValue())) {
            throw refused(pointer, "it holds half of a surrogate pair; give such bytes in hex");
        }
        return found.textValue().getBytes(StandardCharsets.UTF_8);
    }

    ConstraintException wrong(String field, JsonNode found, String allowed) {
        return refused(pointer + '/' + field, "it is " + shown(found) + "; allowed is " + allowed);
    }

    static ConstraintException refused(String pointer, String message) {
        return new ConstraintException(Reason.SYNTAX, located(pointer, message));
    }

    /** The same refusal with its place before it. */
    static ConstraintException located(String pointer, ConstraintException refusal) {
        return pointer.isEmpty()
                ? refusal
                : new ConstraintException(refusal.reason(), located(pointer, String.valueOf(refusal.getMessage())));
    }

    private static String located(String pointer, String message) {
        return pointer.isEmpty() ? message : pointer + ": " + message;
    }

    static String shown(JsonNode found) {
        return shortened(found.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN_CHARACTERS ? text : text.substring(0, MOST_SHOWN_CHARACTERS) + "...";
    }
}
