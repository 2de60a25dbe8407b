package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.ValueSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/** Turns the schemas of a document into nodes, and the keywords of one schema object into its values. */
final class SchemaReader {
    private static final Set<String> NO_ASSERTIONS = Set.of(
            "$id",
            "id",
            "$schema",
            "$anchor",
            "$dynamicAnchor",
            "$recursiveAnchor",
            "$vocabulary",
            "$comment",
            "$defs",
            "definitions",
            "title",
            "description",
            "default",
            "examples",
            "example",
            "deprecated",
            "readOnly",
            "writeOnly",
            "contentEncoding",
            "contentMediaType",
            "contentSchema");

    private static final int STEPS_PER_KEYWORD = 4;

    private final SchemaDocument document;
    private final Algebra algebra;
    private final SchemaOptions options;
    private final EqualSchemas equal;

    SchemaReader(SchemaDocument document, Algebra algebra, SchemaOptions options) {
        this.document = document;
        this.algebra = algebra;
        this.options = options;
        this.equal = new EqualSchemas(algebra.budget());
    }

    Node root() {
        return node(document.root());
    }

    /** The node of the schema at a place; what only refers to another schema is that schema. */
    Node node(Location place) {
        Set<JsonNode> passed = Collections.newSetFromMap(new IdentityHashMap<>());
        Location at = place;
        while (isOnlyReference(at) && passed.add(at.node())) {
            at = target(new Keywords(at, document.draft()), "$ref");
        }
        JsonNode schema = at.node();
        if (schema.isBoolean()) {
            return schema.booleanValue() ? algebra.anything() : algebra.nothing();
        }
        if (!schema.isObject()) {
            throw at.malformed("", "must be a schema: an object, true or false");
        }
        return assertions(schema) == 0 ? algebra.anything() : algebra.leaf(new SchemaLeaf(this, at, equal.firstOf(at)));
    }

    private boolean isOnlyReference(Location at) {
        JsonNode schema = at.node();
        algebra.budget().tick(STEPS_PER_KEYWORD * (1L + schema.size()));
        return schema.has("$ref")
                && (assertions(schema) == 1 || document.draft().refStandsAlone());
    }

    private static int assertions(JsonNode schema) {
        int count = 0;
        for (Iterator<String> names = schema.fieldNames(); names.hasNext(); ) {
            count += NO_ASSERTIONS.contains(names.next()) ? 0 : 1;
        }
        return count;
    }

    /** @throws io.bytelm.constraint.ConstraintException if the reference leaves the document */
    Location target(Keywords keywords, String keyword) {
        String reference = keywords.text(keyword);
        Location target = reference == null ? null : document.find(keywords.at().base(), reference);
        if (target == null) {
            throw keywords.at().unsupported(keyword, "\"" + reference + "\" is not in this document; put it in $defs");
        }
        return target;
    }

    /** The values that one schema object allows. */
    ValueSet evaluate(Location at) {
        Keywords keywords = new Keywords(at, document.draft());
        if (keywords.has("$ref") && document.draft().refStandsAlone()) {
            throw at.unsupported("$ref", "it refers to itself with nothing in between");
        }
        List<Node> conditions = new ArrayList<>();
        addReferences(keywords, conditions);
        addEnumerations(keywords, conditions);
        addUnevaluated(keywords, "unevaluatedProperties", true, conditions);
        addUnevaluated(keywords, "unevaluatedItems", false, conditions);
        new Applicators(keywords, this, document, algebra).addTo(conditions);
        ValueSet own = new TypedKeywords(keywords, this, document, algebra, options).evaluate();
        Node all = algebra.and(conditions);
        return all.isAnything() ? own : algebra.and(own, all);
    }

    private void addReferences(Keywords keywords, List<Node> conditions) {
        if (keywords.has("$ref")) {
            conditions.add(node(target(keywords, "$ref")));
        }
        if (keywords.has("$dynamicRef")) {
            conditions.add(node(dynamicTarget(keywords)));
        }
        if (keywords.has("$recursiveRef")) {
            throw keywords.at().unsupported("$recursiveRef", "this keyword is not enforced; use $ref");
        }
    }

    /**
     * What a {@code $dynamicRef} means where only one schema can be meant.
     *
     * @throws io.bytelm.constraint.ConstraintException if it depends on the schemas by way of which it is applied
     */
    Location dynamicTarget(Keywords keywords) {
        Location target = target(keywords, "$dynamicRef");
        if (document.isOneOfSeveralDynamic(target, keywords.text("$dynamicRef"))) {
            throw keywords.at()
                    .unsupported(
                            "$dynamicRef",
                            "which of several schemas with this $dynamicAnchor is meant depends on where it is applied; use $ref");
        }
        return target;
    }

    private void addUnevaluated(Keywords keywords, String keyword, boolean ofObjects, List<Node> conditions) {
        Location at = keywords.at();
        if (!keywords.has(keyword)) {
            return;
        }
        Node value = node(at.child(keyword, document));
        if (value.isAnything()) {
            return;
        }
        if (document.draft() == Draft.DRAFT_2019) {
            throw at.unsupported(keyword, "it is enforced in draft 2020-12 only");
        }
        List<Node> ways = new ArrayList<>();
        for (Evaluated way : new Evaluation(this, document, algebra, at).cases(at)) {
            ways.add(algebra.and(way.condition(), algebra.leaf(new Unevaluated(way, value, ofObjects))));
        }
        conditions.add(algebra.or(ways));
    }

    private void addEnumerations(Keywords keywords, List<Node> conditions) {
        JsonNode values = keywords.value("enum");
        if (values != null) {
            if (!values.isArray()) {
                throw keywords.at().malformed("enum", "must be an array");
            }
            List<JsonNode> list = new ArrayList<>();
            values.forEach(list::add);
            new ConstantChecks(keywords, algebra.budget()).check("enum", values);
            conditions.add(algebra.leaf(new Constants(list)));
        }
        JsonNode constant = keywords.value("const");
        if (constant != null) {
            new ConstantChecks(keywords, algebra.budget()).check("const", constant);
            conditions.add(algebra.leaf(new Constants(List.of(constant))));
        }
    }
}
