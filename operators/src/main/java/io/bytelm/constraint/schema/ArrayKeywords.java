package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.algebra.ArrayShape;
import io.bytelm.constraint.schema.algebra.ArrayShape.Contains;
import io.bytelm.constraint.schema.algebra.Node;
import io.bytelm.constraint.schema.algebra.StringShape;
import java.util.ArrayList;
import java.util.List;

/** The keywords that speak of arrays. */
final class ArrayKeywords {
    private static final int MOST_REQUIRED_ITEMS = 1 << 20;

    private final Keywords keywords;
    private final SchemaReader reader;
    private final SchemaDocument document;
    private final Algebra algebra;

    ArrayKeywords(Keywords keywords, SchemaReader reader, SchemaDocument document, Algebra algebra) {
        this.keywords = keywords;
        this.reader = reader;
        this.document = document;
        this.algebra = algebra;
    }

    ArrayShape shape() {
        int max = keywords.limit("maxItems", StringShape.UNBOUNDED);
        JsonNode items = keywords.value("items");
        boolean tuple = items != null && items.isArray();
        if (tuple && document.draft() == Draft.DRAFT_2020) {
            throw keywords.at().malformed("items", "must be a schema; use prefixItems for a list of schemas");
        }
        String restKeyword = tuple ? "additionalItems" : "items";
        Node rest = keywords.has(restKeyword)
                ? reader.node(keywords.at().child(restKeyword, document))
                : algebra.anything();
        return new ArrayShape(
                prefix(tuple ? "items" : "prefixItems"),
                rest,
                keywords.demand("minItems", MOST_REQUIRED_ITEMS),
                max,
                contains(),
                keywords.isTrue("uniqueItems") && max > 1 ? keywords.at().pointer() + "/uniqueItems" : null);
    }

    private List<Node> prefix(String keyword) {
        List<Node> prefix = new ArrayList<>();
        JsonNode schemas = keywords.value(keyword);
        if (schemas != null && !schemas.isArray()) {
            throw keywords.at().malformed(keyword, "must be an array of schemas");
        }
        algebra.budget().chargeMemory(schemas == null ? 0 : 8L * schemas.size());
        for (int i = 0; schemas != null && i < schemas.size(); i++) {
            prefix.add(reader.node(keywords.at().child(keyword, document).child(i, document)));
        }
        return prefix;
    }

    private List<Contains> contains() {
        if (!keywords.has("contains")) {
            return List.of();
        }
        int min = keywords.has("minContains") ? keywords.demand("minContains", MOST_REQUIRED_ITEMS) : 1;
        int max = keywords.limit("maxContains", StringShape.UNBOUNDED);
        if (min == 0 && max == StringShape.UNBOUNDED) {
            return List.of();
        }
        return List.of(new Contains(reader.node(keywords.at().child("contains", document)), 0, min, max));
    }
}
