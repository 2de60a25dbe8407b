package io.bytelm.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.beam.BeamParams;
import io.bytelm.constraint.NotJson;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of an {@code open}'s JSON object, each read with a message that says what was found and what is allowed. */
final class OpenFields {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // of a schema every digit counts
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    /** What the messages begin with. */
    static final String SUBJECT = "open: ";

    private static final int MOST_SHOWN_CHARACTERS = 40;

    private final JsonNode object;

    private OpenFields(JsonNode object) {
        this.object = object;
    }

    /** @throws RejectedRecordException if it is not a JSON object of known fields, each at most once */
    static OpenFields parse(byte[] json, Set<String> known) throws RejectedRecordException {
        return parse(json, known, "; an empty value means all defaults");
    }

    /** @param remedy how the message about what is no JSON ends */
    static OpenFields parse(byte[] json, Set<String> known, String remedy) throws RejectedRecordException {
        OpenFields fields = parseAny(json, remedy);
        fields.requireKnown(known);
        return fields;
    }

    /** Of any fields. */
    static OpenFields parseAny(byte[] json, String remedy) throws RejectedRecordException {
        JsonNode object;
        try {
            object = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed("the value is not a JSON object: " + NotJson.why(e) + place(e) + remedy);
        } catch (IOException e) {
            throw malformed("the value is not JSON text: " + e.getMessage());
        } catch (NumberFormatException e) { // which the parser lets through for an exponent of more than ten digits
            throw malformed("the value has a number whose exponent is too large; allowed are up to 400 digits");
        }
        if (!object.isObject()) {
            throw malformed("the value is " + shown(object) + "; allowed is a JSON object, or nothing");
        }
        return new OpenFields(object);
    }

    /** @throws RejectedRecordException if it has other fields than these */
    static OpenFields of(JsonNode object, Set<String> known) throws RejectedRecordException {
        requireKnown(object, known);
        return new OpenFields(object);
    }

    private static void requireKnown(JsonNode object, Set<String> known) throws RejectedRecordException {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                throw malformed("unknown field \"" + shortened(name) + "\"; allowed are "
                        + String.join(", ", known.stream().sorted().toList()));
            }
        }
    }

    int wholeNumber(String field, int least, int most, int absent) throws RejectedRecordException {
        return wholeNumber(field, least, most, absent, "");
    }

    int wholeNumber(String field, int least, int most, int absent, String orElse) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        if (!found.isIntegralNumber()
                || !found.canConvertToInt()
                || found.intValue() < least
                || found.intValue() > most) {
            String range = most == Integer.MAX_VALUE ? "of at least " + least : "from " + least + " to " + most;
            throw wrong(field, found, "a whole number " + range + orElse);
        }
        return found.intValue();
    }

    long wholeNumber(String field, long absent) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found != null && !(found.isIntegralNumber() && found.canConvertToLong())) {
            throw wrong(field, found, "a whole number of at most 64 bits");
        }
        return found == null ? absent : found.longValue();
    }

    /** The double nearest to the number, within the range. */
    double number(String field, NumberRange range, double absent) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        if (!found.isNumber() || !range.contains(found.decimalValue())) {
            throw wrong(field, found, "a number " + range);
        }
        return range.nearest(found.decimalValue());
    }

    boolean has(String field) {
        return object.has(field);
    }

    /** Refuses other fields than these. */
    void requireKnown(Set<String> known) throws RejectedRecordException {
        requireKnown(object, known);
    }

    /** All fields as they are, in JSON. */
    String json() {
        return object.toString();
    }

    /**
     * The fields of an object in this object, any fields; null if it is absent.
     *
     * @param known for the message where it is no object
     */
    @Nullable
    OpenFields object(String field, Set<String> known) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return null;
        }
        if (!found.isObject()) {
            throw wrong(
                    field,
                    found,
                    "a JSON object of "
                            + String.join(", ", known.stream().sorted().toList()));
        }
        return new OpenFields(found);
    }

    /** A text as it is, anything else as JSON; empty if absent. */
    String textOrJson(String field) {
        JsonNode found = object.get(field);
        return found == null ? "" : found.isTextual() ? found.textValue() : found.toString();
    }

    /** A number of at least 0, or null for no limit. */
    int limit(String field, int absent) throws RejectedRecordException {
        JsonNode found = object.get(field);
        return found != null && found.isNull()
                ? BeamParams.UNLIMITED
                : wholeNumber(field, 0, Integer.MAX_VALUE, absent, ", or null for no limit");
    }

    boolean flag(String field, boolean absent) throws RejectedRecordException {
        return flag(field, absent, "true or false");
    }

    /** @param allowed what may stand there, for the message */
    boolean flag(String field, boolean absent, String allowed) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        if (!found.isBoolean()) {
            throw wrong(field, found, allowed);
        }
        return found.booleanValue();
    }

    boolean isObject(String field) {
        JsonNode found = object.get(field);
        return found != null && found.isObject();
    }

    String text(String field, String absent) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        if (!found.isTextual()) {
            throw wrong(field, found, "a text");
        }
        return found.textValue();
    }

    boolean hasText(String field, String text) {
        JsonNode found = object.get(field);
        return found != null && found.isTextual() && found.textValue().equals(text);
    }

    /** The place of the text found among those allowed. */
    int choice(String field, List<String> allowed, int absent) throws RejectedRecordException {
        JsonNode found = object.get(field);
        if (found == null) {
            return absent;
        }
        int place = found.isTextual() ? allowed.indexOf(found.textValue()) : -1;
        if (place < 0) {
            throw wrong(field, found, "one of \"" + String.join("\", \"", allowed) + "\"");
        }
        return place;
    }

    /**
     * The elements of a list.
     *
     * @param allowed what may stand there, for the message
     * @throws RejectedRecordException if it is no list, or absent
     */
    Iterable<JsonNode> list(String field, String allowed) throws RejectedRecordException {
        JsonNode found = object.path(field);
        if (!found.isArray()) {
            throw wrong(field, found, allowed);
        }
        return found;
    }

    /** A field as it is; missing if it is absent. */
    JsonNode value(String field) {
        return object.path(field);
    }

    /** Bytes given as text or, in another field, in hex; null if by neither. */
    byte @Nullable [] bytes(String textField, String hexField) throws RejectedRecordException {
        return new OpenBytes(object, textField, hexField).one();
    }

    /** Like {@link #bytes}, for a list. */
    @Nullable
    List<byte[]> listOfBytes(String textField, String hexField) throws RejectedRecordException {
        return new OpenBytes(object, textField, hexField).list();
    }

    static RejectedRecordException wrong(String field, JsonNode found, String allowed) {
        return malformed("field \"" + field + "\" is " + shown(found) + "; allowed is " + allowed);
    }

    static RejectedRecordException malformed(String message) {
        return new RejectedRecordException(OpenRequest.MALFORMED, SUBJECT + message);
    }

    private static String place(JsonProcessingException e) {
        var location = e.getLocation();
        return location == null ? "" : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
    }

    private static String shown(JsonNode found) {
        return found.isMissingNode() ? "blank" : shortened(found.toString());
    }

    private static String shortened(String text) {
        return text.length() <= MOST_SHOWN_CHARACTERS ? text : text.substring(0, MOST_SHOWN_CHARACTERS) + "...";
    }
}
