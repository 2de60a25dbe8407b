package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** A limit such as {@code minItems}; {@code absent} if it is not there. */
    int limit(String keyword, int absent) {
        JsonNode value = value(keyword);
        if (value == null) {
            return absent;
        }
        BigDecimal number = number(keyword);
        if (number == null || number.signum() < 0 || number.stripTrailingZeros().scale() > 0) {
            throw at.malformed(keyword, "must be an integer of at least 0");
        }
        return number.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue();
    }

    @Nullable
    BigDecimal number(String keyword) {
        JsonNode value = value(keyword);
        if (value == null) {
            return null;
        }
        if (!value.isNumber()) {
            throw at.malformed(keyword, "must be a number");
        }
        return value.decimalValue();
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
            names.add(name.textValue());
        }
        return names;
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
