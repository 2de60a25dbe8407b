package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.automaton.Utf8;
import io.bytelm.constraint.schema.text.NumberTexts;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The keywords of one schema object, with their values checked. */
record Keywords(Location at, Draft draft) {
    /** The value of a keyword that the draft defines; null if it is not there. */
    @Nullable
    JsonNode value(String keyword) {
        JsonNode value = at.node().get(keyword);
        return value == null || !draft.defines(keyword) ? null : value;
    }

    boolean has(String keyword) {
        return value(keyword) != null;
    }

    /** A limit such as {@code maxItems}; {@code absent} if it is not there. */
    int limit(String keyword, int absent) {
        BigDecimal number = number(keyword);
        if (number == null) {
            return absent;
        }
        if (number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
            throw at.malformed(keyword, "must be an integer of at least 0");
        }
        return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
    }

    /** A limit such as {@code minItems}, 0 if it is not there: how much every document must have. */
    int demand(String keyword, int most) {
        int demand = limit(keyword, 0);
        if (demand > most) {
            throw at.refusal(Reason.TOO_LARGE, keyword, "more than " + most + " are not enforced; ask for fewer");
        }
        return demand;
    }

    /** A number whose digits, with those that its exponent stands for, are few enough to be written out; null if not there. */
    @Nullable
    BigDecimal number(String keyword) {
        JsonNode value = value(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw at.malformed(keyword, "must be a number");
        }
        BigDecimal number = value.decimalValue();
        if (!NumberTexts.canWriteOut(number)) {
            throw at.refusal(Reason.TOO_LARGE, keyword, NumberTexts.TOO_LONG);
        }
        return number;
    }

    @Nullable
    String text(String keyword) {
        JsonNode value = value(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            throw at.malformed(keyword, "must be a string");
        }
        return value.textValue();
    }

    boolean isTrue(String keyword) {
        JsonNode value = value(keyword);
        return value != null && value.isBoolean() && value.booleanValue();
    }

    /** The strings of an array; none if it is not there. */
    Set<String> names(String keyword) {
        JsonNode value = value(keyword);
        return value == null ? Set.of() : names(keyword, value);
    }

    Set<String> names(String keyword, JsonNode array) {
        Set<String> names = new LinkedHashSet<>();
        if (!array.isArray()) {
            throw at.malformed(keyword, "must be an array of strings");
        }
        for (JsonNode name : array) {
            if (!name.isTextual()) {
                throw at.malformed(keyword, "must be an array of strings");
            }
            names.add(encodable(keyword, name.textValue()));
        }
        return names;
    }

    /** A key or a string that documents can have. */
    String encodable(String keyword, String text) {
        if (!Utf8.canEncode(text)) {
            throw at.malformed(
                    keyword,
                    "\"" + Location.escaped(text)
                            + "\" has a surrogate without its other half, which UTF-8 cannot encode");
        }
        return text;
    }

    /** The value of a keyword that maps names to something; null if it is not there. */
    @Nullable
    JsonNode map(String keyword) {
        JsonNode value = value(keyword);
        if (value != null && !value.isObject()) {
            throw at.malformed(keyword, "must be an object");
        }
        return value;
    }

    /** The value of a keyword with several schemas; null if it is not there. */
    @Nullable
    JsonNode list(String keyword) {
        JsonNode value = value(keyword);
        if (value != null && (!value.isArray() || value.isEmpty())) {
            throw at.malformed(keyword, "must be an array of schemas, one at least");
        }
        return value;
    }
}
