package io.bytelm.constraint.schema.suite;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/**
 * Writes values as the constraint expects them: no white space, keys in their order, strings as RFC 8785 has them, numbers
 * without exponents but with the zeros that they came with.
 */
final class CompactJson {
    private static final int MAX_DIGITS = 100_000;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    private CompactJson() {}

    /** @param value decimals are {@link BigDecimal} */
    static byte[] write(JsonNode value) {
        CompactJson writer = new CompactJson();
        writer.value(value);
        return writer.out.toByteArray();
    }

    private void value(JsonNode value) {
        switch (value.getNodeType()) {
            case OBJECT -> object(value);
            case ARRAY -> array(value);
            case STRING -> string(value.textValue());
            case NUMBER -> ascii(number(value.decimalValue()));
            default -> ascii(value.asText());
        }
    }

    private static String number(BigDecimal number) {
        if (Math.abs((long) number.scale()) > MAX_DIGITS) {
            throw new IllegalArgumentException("a number of more than " + MAX_DIGITS + " digits");
        }
        return number.toPlainString();
    }

    private void object(JsonNode object) {
        out.write('{');
        Iterator<Map.Entry<String, JsonNode>> entries = object.fields();
        while (entries.hasNext()) {
            Map.Entry<String, JsonNode> entry = entries.next();
            string(entry.getKey());
            out.write(':');
            value(entry.getValue());
            if (entries.hasNext()) {
                out.write(',');
            }
        }
        out.write('}');
    }

    private void array(JsonNode array) {
        out.write('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) {
                out.write(',');
            }
            value(array.get(i));
        }
        out.write(']');
    }

    private void string(String text) {
        out.write('"');
        if (Utf8.canEncode(text)) {
            out.writeBytes(JsonStringEncoding.encode(text));
        } else {
            text.codePoints().forEach(this::character);
        }
        out.write('"');
    }

    /** Half of a surrogate pair can only be written as an escape, which no constraint takes. */
    private void character(int c) {
        if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
            ascii("\\u" + Integer.toHexString(c));
        } else {
            out.writeBytes(JsonStringEncoding.encode(Character.toString(c)));
        }
    }

    private void ascii(String text) {
        out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }
}
