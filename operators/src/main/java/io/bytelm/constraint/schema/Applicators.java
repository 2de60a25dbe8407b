package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.Discriminators;
import io.bytelm.constraint.schema.algebra.Node;
import java.util.ArrayList;
import java.util.List;

/** The keywords that apply schemas to the value itself. */
final class Applicators {
    private static final int MANY_BRANCHES = 16;

    private final Keywords keywords;
    private final SchemaReader reader;
    private final SchemaDocument document;
    private final Algebra algebra;

    Applicators(Keywords keywords, SchemaReader reader, SchemaDocument document, Algebra algebra) {
        this.keywords = keywords;
        this.reader = reader;
        this.document = document;
        this.algebra = algebra;
    }

    void addTo(List<Node> conditions) {
        conditions.addAll(schemas("allOf"));
        List<Node> anyOf = schemas("anyOf");
        if (!anyOf.isEmpty()) {
            conditions.add(algebra.or(anyOf));
        }
        List<Node> oneOf = schemas("oneOf");
        if (!oneOf.isEmpty()) {
            conditions.add(exactlyOne(oneOf));
        }
        if (keywords.has("not")) {
            conditions.add(algebra.not(schema("not")));
        }
        if (keywords.has("if") && (keywords.has("then") || keywords.has("else"))) {
            Node test = schema("if");
            Node then = keywords.has("then") ? schema("then") : algebra.anything();
            Node otherwise = keywords.has("else") ? schema("else") : algebra.anything();
            conditions.add(algebra.or(algebra.and(test, then), algebra.and(algebra.not(test), otherwise)));
        }
    }

    private Node schema(String keyword) {
        return reader.node(keywords.at().child(keyword, document));
    }

    private List<Node> schemas(String keyword) {
        List<Node> nodes = new ArrayList<>();
        JsonNode list = keywords.list(keyword);
        for (int i = 0; list != null && i < list.size(); i++) {
            nodes.add(reader.node(keywords.at().child(keyword, document).child(i, document)));
        }
        return nodes;
    }

    /** Any of the branches, each without those others that it has values in common with. */
    private Node exactlyOne(List<Node> branches) {
        List<Discriminators> told = discriminators(branches);
        List<Node> alternatives = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            List<Node> parts = new ArrayList<>();
            parts.add(branches.get(i));
            for (int j = 0; j < branches.size(); j++) {
                algebra.budget().tick();
                boolean disjoint = i == j || (!told.isEmpty() && told.get(i).tellApartFrom(told.get(j)));
                if (!disjoint && !algebra.isSurelyNothing(algebra.and(branches.get(i), branches.get(j)))) {
                    parts.add(algebra.not(branches.get(j)));
                }
            }
            alternatives.add(algebra.and(parts));
        }
        return algebra.or(alternatives);
    }

    /** What tells many branches apart; of few each pair is combined, which finds more. */
    private List<Discriminators> discriminators(List<Node> branches) {
        return branches.size() < MANY_BRANCHES
                ? List.of()
                : branches.stream().map(algebra::discriminators).toList();
    }
}
