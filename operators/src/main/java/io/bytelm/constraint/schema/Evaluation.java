package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.text.Texts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Finds the ways in which a value can satisfy a schema, told apart by what {@code unevaluated...} must know. */
final class Evaluation {
    private static final int MAX_CASES = 256;
    private static final int MAX_DEPTH = 200;
    private static final int STEPS_PER_CASE = 16;

    private final SchemaReader reader;
    private final SchemaDocument document;
    private final Algebra algebra;
    private final Location asker;
    private final Set<JsonNode> open = Collections.newSetFromMap(new IdentityHashMap<>());

    /** @param asker the schema with the keyword */
    Evaluation(SchemaReader reader, SchemaDocument document, Algebra algebra, Location asker) {
        this.reader = reader;
        this.document = document;
        this.algebra = algebra;
        this.asker = asker;
    }

    /** The cases of a schema; together they hold every value that satisfies it. */
    List<Evaluated> cases(Location at) {
        if (!at.node().isObject()) {
            return List.of(Evaluated.nothing(reader.node(at)));
        }
        if (!open.add(at.node())) {
            throw asker.unsupported("", "unevaluated properties or items of a schema that applies itself in place");
        }
        if (open.size() > MAX_DEPTH) {
            throw asker.refusal(
                    Reason.TOO_DEEP, "", "more than " + MAX_DEPTH + " schemas apply to one value by way of each other");
        }
        Keywords keywords = new Keywords(at, document.draft());
        refuse(keywords);
        List<Evaluated> cases = List.of(own(keywords));
        if (keywords.has("$ref")) {
            cases = product(cases, cases(reader.target(keywords, "$ref")));
        }
        if (keywords.has("$dynamicRef")) {
            cases = product(cases, cases(reader.dynamicTarget(keywords)));
        }
        for (Location each : schemas(keywords, "allOf")) {
            cases = product(cases, cases(each));
        }
        cases = withAlternatives(cases, schemas(keywords, "anyOf"), false);
        cases = withAlternatives(cases, schemas(keywords, "oneOf"), true);
        if (keywords.has("if")) {
            cases = product(cases, conditional(keywords));
        }
        cases = withDependents(cases, keywords);
        open.remove(at.node());
        return cases;
    }

    private void refuse(Keywords keywords) {
        if (keywords.has("$recursiveRef")) {
            throw keywords.at().unsupported("$recursiveRef", "this keyword is not enforced; use $ref");
        }
        if (keywords.has("contains") && asker.node().has("unevaluatedItems")) {
            throw asker.unsupported("unevaluatedItems", "together with contains it is not enforced");
        }
    }

    @SuppressWarnings("ReferenceEquality") // equal subschemas at two places are two
    private Evaluated own(Keywords keywords) {
        JsonNode node = keywords.at().node();
        boolean isAsker = node == asker.node();
        Evaluated own = Evaluated.nothing(algebra.anything());
        if (keywords.has("additionalProperties") || (!isAsker && keywords.has("unevaluatedProperties"))) {
            own = own.withKeys(Texts.ANY_STRING, algebra);
        }
        List<String> names = new ArrayList<>();
        JsonNode properties = keywords.map("properties");
        if (properties != null) {
            properties.fieldNames().forEachRemaining(names::add);
        }
        own = own.withKeys(Texts.strings(names, algebra.budget()), algebra);
        JsonNode patterns = keywords.map("patternProperties");
        for (String regex : patterns == null ? List.<String>of() : names(patterns)) {
            own = own.withKeys(
                    keywords.at().within("patternProperties", () -> Texts.matching(regex, algebra.budget())), algebra);
        }
        JsonNode prefix = keywords.value("prefixItems");
        own = own.withItems(prefix == null ? 0 : prefix.size());
        JsonNode items = keywords.value("items");
        boolean tuple = items != null && items.isArray();
        int tupleItems = items != null && items.isArray() ? items.size() : 0;
        boolean all = (items != null && !tuple)
                || (tuple && keywords.has("additionalItems"))
                || (!isAsker && keywords.has("unevaluatedItems"));
        return own.withItems(all ? Evaluated.ALL_ITEMS : tupleItems);
    }

    private static List<String> names(JsonNode map) {
        List<String> names = new ArrayList<>();
        map.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private List<Location> schemas(Keywords keywords, String keyword) {
        List<Location> schemas = new ArrayList<>();
        JsonNode list = keywords.list(keyword);
        for (int i = 0; list != null && i < list.size(); i++) {
            schemas.add(keywords.at().child(keyword, document).child(i, document));
        }
        return schemas;
    }

    private List<Evaluated> product(List<Evaluated> left, List<Evaluated> right) {
        List<Evaluated> product = new ArrayList<>();
        for (Evaluated l : left) {
            for (Evaluated r : right) {
                algebra.budget().tick(STEPS_PER_CASE);
                Evaluated both = l.and(r, algebra);
                if (!both.condition().isNothing()) {
                    product.add(both);
                }
            }
        }
        if (product.size() > MAX_CASES) {
            throw asker.unsupported("", "unevaluated properties or items with more than " + MAX_CASES + " cases");
        }
        return product;
    }

    /** Each branch is satisfied or not; one of them at least, or exactly one. */
    private List<Evaluated> withAlternatives(List<Evaluated> cases, List<Location> branches, boolean exactlyOne) {
        if (branches.isEmpty()) {
            return cases;
        }
        List<Evaluated> none = List.of(Evaluated.nothing(algebra.anything()));
        List<Evaluated> some = List.of();
        for (Location branch : branches) {
            List<Evaluated> in = satisfied(branch);
            List<Evaluated> out = List.of(Evaluated.nothing(algebra.not(reader.node(branch))));
            List<Evaluated> next = new ArrayList<>(product(none, in));
            next.addAll(product(some, out));
            if (!exactlyOne) {
                next.addAll(product(some, in));
            }
            some = next;
            none = product(none, out);
        }
        return product(cases, some);
    }

    private List<Evaluated> satisfied(Location branch) {
        return product(List.of(Evaluated.nothing(reader.node(branch))), cases(branch));
    }

    private List<Evaluated> conditional(Keywords keywords) {
        Location test = keywords.at().child("if", document);
        List<Evaluated> then = satisfied(test);
        if (keywords.has("then")) {
            then = product(then, satisfied(keywords.at().child("then", document)));
        }
        List<Evaluated> otherwise = List.of(Evaluated.nothing(algebra.not(reader.node(test))));
        if (keywords.has("else")) {
            otherwise = product(otherwise, satisfied(keywords.at().child("else", document)));
        }
        List<Evaluated> cases = new ArrayList<>(then);
        cases.addAll(otherwise);
        return cases;
    }

    private List<Evaluated> withDependents(List<Evaluated> cases, Keywords keywords) {
        JsonNode map = keywords.map("dependentSchemas");
        List<Evaluated> all = cases;
        for (String key : map == null ? List.<String>of() : names(map)) {
            Location schema = keywords.at().child("dependentSchemas", document).child(key, document);
            Node present = algebra.leaf(new KeyPresence(key, true));
            List<Evaluated> either = new ArrayList<>(product(List.of(Evaluated.nothing(present)), satisfied(schema)));
            either.add(Evaluated.nothing(algebra.leaf(new KeyPresence(key, false))));
            all = product(all, either);
        }
        return all;
    }
}
