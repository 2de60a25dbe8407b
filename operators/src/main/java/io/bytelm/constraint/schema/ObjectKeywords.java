package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.automaton.ByteDfa;
import io.bytelm.constraint.automaton.DfaProduct;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ObjectShape;
import io.bytelm.constraint.schema.algebra.ObjectShape.KeyClass;
import io.bytelm.constraint.schema.algebra.StringShape;
import io.bytelm.constraint.schema.algebra.ValueSet;
import io.bytelm.constraint.schema.text.JsonStringEncoding;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The keywords that speak of objects. */
final class ObjectKeywords {
    private record Pattern(ByteDfa keys, Node value) {}

    private static final int STEPS_PER_NAME = 16;
    private static final int BYTES_PER_NAME = 100;

    private final Keywords keywords;
    private final SchemaReader reader;
    private final SchemaDocument document;
    private final Algebra algebra;

    ObjectKeywords(Keywords keywords, SchemaReader reader, SchemaDocument document, Algebra algebra) {
        this.keywords = keywords;
        this.reader = reader;
        this.document = document;
        this.algebra = algebra;
    }

    /** One shape, split where the presence of a key brings a schema with it. */
    List<ObjectShape> shapes() {
        List<Pattern> patterns = patterns();
        Map<String, Set<String>> dependent = new LinkedHashMap<>();
        Map<String, Node> dependentSchemas = new LinkedHashMap<>();
        readDependencies("dependentRequired", dependent, dependentSchemas);
        readDependencies("dependentSchemas", dependent, dependentSchemas);
        if (keywords.has("dependencies")
                && document.draft().compareTo(Draft.DRAFT_7) > 0
                && document.draft() != Draft.UNSTATED) {
            throw keywords.at()
                    .unsupported(
                            "dependencies", "this draft does not define it; use dependentRequired or dependentSchemas");
        }
        readDependencies("dependencies", dependent, dependentSchemas);
        ObjectShape shape = new ObjectShape(
                named(patterns),
                classes(patterns),
                keywords.names("required"),
                keywords.demand("minProperties", ObjectDraft.MOST_REQUIRED_KEYS),
                keywords.limit("maxProperties", StringShape.UNBOUNDED),
                dependent,
                List.of());
        ValueSet set = ValueSet.NOTHING.withObjects(List.of(shape));
        if (keywords.has("propertyNames")) {
            set = ValueSet.NOTHING.withObjects(List.of(withNames(shape)));
        }
        for (Map.Entry<String, Node> entry : dependentSchemas.entrySet()) {
            Node without = algebra.leaf(new KeyPresence(entry.getKey(), false));
            Node with = algebra.leaf(new KeyPresence(entry.getKey(), true));
            set = algebra.and(set, algebra.or(without, algebra.and(with, entry.getValue())));
        }
        return set.objects();
    }

    private List<Pattern> patterns() {
        List<Pattern> patterns = new ArrayList<>();
        JsonNode map = keywords.map("patternProperties");
        if (map != null) {
            Location at = keywords.at().child("patternProperties", document);
            map.fieldNames()
                    .forEachRemaining(regex -> patterns.add(new Pattern(
                            at.within(Location.escaped(regex), () -> Texts.matching(regex, algebra.budget())),
                            reader.node(at.child(regex, document)))));
        }
        return patterns;
    }

    private Map<String, Node> named(List<Pattern> patterns) {
        Map<String, Node> named = new LinkedHashMap<>();
        JsonNode map = keywords.map("properties");
        if (map != null) {
            Location at = keywords.at().child("properties", document);
            map.fieldNames().forEachRemaining(name -> {
                keywords.encodable("properties", name);
                algebra.budget().chargeMemory(BYTES_PER_NAME + 2L * name.length());
                algebra.budget().tick((STEPS_PER_NAME + name.length()) * (1L + patterns.size()));
                List<Node> nodes = new ArrayList<>();
                nodes.add(reader.node(at.child(name, document)));
                byte[] text = JsonStringEncoding.encode(name);
                patterns.stream().filter(p -> p.keys.accepts(text)).forEach(p -> nodes.add(p.value));
                named.put(name, algebra.and(nodes));
            });
        }
        return named;
    }

    private List<KeyClass> classes(List<Pattern> patterns) {
        Node additional = keywords.has("additionalProperties")
                ? reader.node(keywords.at().child("additionalProperties", document))
                : algebra.anything();
        List<KeyClass> matched = List.of(new KeyClass(Texts.ANY_STRING, algebra.anything()));
        ByteDfa unmatched = Texts.ANY_STRING;
        for (Pattern pattern : patterns) {
            matched = ObjectShape.andClasses(matched, split(pattern.keys, pattern.value, algebra), algebra);
            unmatched = DfaProduct.difference(unmatched, pattern.keys, algebra.budget());
        }
        if (unmatched.isEmpty() || additional.isAnything()) {
            return matched;
        }
        return patterns.isEmpty()
                ? List.of(new KeyClass(Texts.ANY_STRING, additional))
                : ObjectShape.andClasses(matched, split(unmatched, additional, algebra), algebra);
    }

    /** These keys with these values, all others with any. */
    static List<KeyClass> split(ByteDfa keys, Node value, Algebra algebra) {
        ByteDfa others = DfaProduct.difference(Texts.ANY_STRING, keys, algebra.budget());
        List<KeyClass> classes = new ArrayList<>();
        if (!keys.isEmpty()) {
            classes.add(new KeyClass(keys, value));
        }
        if (!others.isEmpty()) {
            classes.add(new KeyClass(others, algebra.anything()));
        }
        return classes;
    }

    private void readDependencies(String keyword, Map<String, Set<String>> dependent, Map<String, Node> schemas) {
        JsonNode map = keywords.map(keyword);
        if (map == null) {
            return;
        }
        Location at = keywords.at().child(keyword, document);
        map.fields().forEachRemaining(entry -> {
            keywords.encodable(keyword, entry.getKey());
            algebra.budget().chargeMemory(BYTES_PER_NAME + 2L * entry.getKey().length());
            JsonNode value = entry.getValue();
            if (value.isArray() && !keyword.equals("dependentSchemas")) {
                Set<String> names = new LinkedHashSet<>(keywords.names(keyword, value));
                dependent.merge(entry.getKey(), names, (a, b) -> {
                    a.addAll(b);
                    return a;
                });
            } else if (keyword.equals("dependentRequired")) {
                throw keywords.at().malformed(keyword, "must map keys to arrays of keys");
            } else {
                schemas.merge(
                        entry.getKey(), reader.node(at.child(entry.getKey(), document)), (a, b) -> algebra.and(a, b));
            }
        });
    }

    /** The shape with those keys only that {@code propertyNames} allows. */
    private ObjectShape withNames(ObjectShape shape) {
        Node names = reader.node(keywords.at().child("propertyNames", document));
        ByteDfa allowed = Texts.NOTHING;
        for (StringShape strings : algebra.valuesOf(names).strings()) {
            if (!strings.checks().isEmpty()) {
                throw keywords.at()
                        .unsupported(
                                "propertyNames", "the formats regex and hostname are not enforced for names of keys");
            }
            allowed = DfaProduct.union(allowed, strings.limitedTexts(algebra.budget()), algebra.budget());
        }
        ByteDfa others = DfaProduct.difference(Texts.ANY_STRING, allowed, algebra.budget());
        Map<String, Node> limited = new LinkedHashMap<>(shape.named());
        limited.replaceAll(
                (name, value) -> others.accepts(JsonStringEncoding.encode(name)) ? algebra.nothing() : value);
        return shape.withNamed(limited)
                .withOthers(ObjectShape.andClasses(shape.others(), split(others, algebra.nothing(), algebra), algebra));
    }
}
