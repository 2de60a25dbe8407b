package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.Leaf;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.text.NumberTexts;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Given JSON values, as {@code enum} and {@code const} have them. */
record Constants(List<JsonNode> values) implements Leaf {
    @Override
    public ValueSet evaluate(Algebra algebra) {
        int literals = 0;
        ByteDfa numbers = Texts.NOTHING;
        Set<String> strings = new LinkedHashSet<>();
        List<ArrayShape> arrays = new ArrayList<>();
        List<ObjectShape> objects = new ArrayList<>();
        for (JsonNode value : values) {
            switch (value.getNodeType()) {
                case NULL -> literals |= ValueSet.NULL;
                case BOOLEAN -> literals |= value.booleanValue() ? ValueSet.TRUE : ValueSet.FALSE;
                case NUMBER ->
                    numbers = DfaProduct.union(
                            numbers, NumberTexts.equalTo(value.decimalValue(), algebra.budget()), algebra.budget());
                case ARRAY -> arrays.add(array(value, algebra));
                case OBJECT -> objects.add(object(value, algebra));
                default -> strings.add(value.textValue());
            }
        }
        List<StringShape> texts =
                strings.isEmpty() ? List.of() : List.of(StringShape.of(Texts.strings(strings, algebra.budget())));
        return new ValueSet(literals, numbers, texts, arrays, objects);
    }

    private static Node node(JsonNode value, Algebra algebra) {
        return algebra.leaf(new Constants(List.of(value)));
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
