package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.Fingerprint;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.text.NumberTexts;
import io.bytelm.constraint.schema.text.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Given JSON values, as {@code enum} and {@code const} have them. */
record Constants(List<JsonNode> values) implements Leaf {
    private static final int STEPS_PER_VALUE = 8;
    private static final int BYTES_PER_NODE = 200;

    @Override
    public ValueSet evaluate(Algebra algebra) {
        int literals = 0;
        List<BigDecimal> numbers = new ArrayList<>();
        Set<String> strings = new LinkedHashSet<>();
        List<ArrayShape> arrays = new ArrayList<>();
        List<ObjectShape> objects = new ArrayList<>();
        for (JsonNode value : values) {
            algebra.budget().tick();
            switch (value.getNodeType()) {
                case NULL -> literals |= ValueSet.NULL;
                case BOOLEAN -> literals |= value.booleanValue() ? ValueSet.TRUE : ValueSet.FALSE;
                case NUMBER -> numbers.add(value.decimalValue());
                case ARRAY -> arrays.add(array(value, algebra));
                case OBJECT -> objects.add(object(value, algebra));
                default -> strings.add(value.textValue());
            }
        }
        List<StringShape> texts =
                strings.isEmpty() ? List.of() : List.of(StringShape.of(Texts.strings(strings, algebra.budget())));
        return new ValueSet(literals, NumberTexts.equalTo(numbers, algebra.budget()), texts, arrays, objects);
    }

    /** By every character: strangers choose these values, and strings of one {@link String#hashCode} are easily found. */
    @Override
    public int hashCode() {
        Fingerprint fingerprint = new Fingerprint();
        values.forEach(value -> addTo(fingerprint, value));
        return Long.hashCode(fingerprint.value());
    }

    private static void addTo(Fingerprint fingerprint, JsonNode value) {
        if (value.isTextual()) {
            fingerprint.add(value.textValue());
        } else if (value.isObject()) {
            long sum = 0; // equal objects have their keys in any order
            for (Iterator<Map.Entry<String, JsonNode>> entries = value.fields(); entries.hasNext(); ) {
                Map.Entry<String, JsonNode> entry = entries.next();
                Fingerprint own = new Fingerprint().add(entry.getKey());
                addTo(own, entry.getValue());
                sum += own.value();
            }
            fingerprint.add(sum);
        } else if (value.isArray()) {
            value.forEach(item -> addTo(fingerprint, item));
        } else {
            fingerprint.add(value.hashCode());
        }
    }

    private static Node node(JsonNode value, Algebra algebra) {
        algebra.budget().tick(STEPS_PER_VALUE * size(value));
        algebra.budget().chargeMemory(BYTES_PER_NODE);
        return algebra.leaf(new Constants(List.of(value)));
    }

    /** How many values there are in it, itself too: equal constants are found by comparing all of them. */
    private static long size(JsonNode value) {
        long size = 1;
        for (JsonNode part : value) {
            size += size(part);
        }
        return size;
    }

    private static ArrayShape array(JsonNode value, Algebra algebra) {
        List<Node> items = new ArrayList<>();
        value.forEach(item -> items.add(node(item, algebra)));
        return new ArrayShape(items, algebra.nothing(), items.size(), items.size(), List.of());
    }

    private static ObjectShape object(JsonNode value, Algebra algebra) {
        Map<String, Node> entries = new LinkedHashMap<>();
        value.fields().forEachRemaining(e -> entries.put(e.getKey(), node(e.getValue(), algebra)));
        return new ObjectShape(
                entries,
                List.of(new ObjectShape.KeyClass(Texts.ANY_STRING, algebra.nothing())),
                new LinkedHashSet<>(entries.keySet()),
                0,
                StringShape.UNBOUNDED,
                Map.of(),
                List.of());
    }
}
