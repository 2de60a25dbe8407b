package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.schema.text.NumberTexts;
import java.util.Iterator;
import java.util.Map;

/** Looks at values of {@code enum} and {@code const} before anything is made of them: their numbers, texts and keys. */
record ConstantChecks(Keywords keywords, CompileBudget budget) {
    private static final int STEPS_PER_VALUE = 8;

    /**
     * Checks a value and all in it; it is nested as deep as the document at most.
     *
     * @param path from the schema to the value, as a JSON pointer without its first slash
     * @throws ConstraintException if a number has too many digits, or a text or a key half of a surrogate pair
     */
    void check(String path, JsonNode value) {
        budget.tick(STEPS_PER_VALUE);
        if (value.isNumber() && !NumberTexts.canWriteOut(value.decimalValue())) {
            throw keywords.at().refusal(Reason.TOO_LARGE, path, NumberTexts.TOO_LONG);
        } else if (value.isTextual()) {
            budget.tick(value.textValue().length());
            keywords.encodable(path, value.textValue());
        } else if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                check(path + "/" + i, value.get(i));
            }
        } else if (value.isObject()) {
            for (Iterator<Map.Entry<String, JsonNode>> entries = value.fields(); entries.hasNext(); ) {
                Map.Entry<String, JsonNode> entry = entries.next();
                budget.tick(path.length() + entry.getKey().length());
                keywords.encodable(path, entry.getKey());
                check(path + "/" + Location.escaped(entry.getKey()), entry.getValue());
            }
        }
    }
}
