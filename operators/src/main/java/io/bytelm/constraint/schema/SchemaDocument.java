package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import java.net.URI;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A schema document with its identifiers and anchors. References leave it never: nothing is loaded from elsewhere. */
final class SchemaDocument {
    private static final Set<String> MAPS =
            Set.of("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies");
    private static final Set<String> SCHEMAS = Set.of(
            "additionalItems",
            "additionalProperties",
            "allOf",
            "anyOf",
            "contains",
            "contentSchema",
            "else",
            "if",
            "items",
            "not",
            "oneOf",
            "prefixItems",
            "propertyNames",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties");

    private static final String DYNAMIC_ANCHOR = "$dynamicAnchor";
    private static final int SCHEMA_BYTES = 160;
    private static final int STEPS_PER_SCHEMA = 16;
    private static final int STEPS_PER_REFERENCE = 40;

    private final CompileBudget budget;
    private final Location root;
    private final Draft draft;
    private final Map<String, Location> resources = new HashMap<>();
    private final Map<String, Location> anchors = new HashMap<>();
    private final Map<String, Integer> dynamicAnchors = new HashMap<>();
    private final Map<JsonNode, String> bases = new IdentityHashMap<>();

    SchemaDocument(JsonNode schema, CompileBudget budget) {
        this.budget = budget;
        JsonNode version = schema.path("$schema");
        draft = version.isTextual() ? Draft.named(version.textValue()) : Draft.UNSTATED;
        Location unnamed = Location.root(schema, "");
        resources.put("", unnamed);
        index(unnamed);
        root = Location.root(schema, baseOf(schema, ""));
    }

    Location root() {
        return root;
    }

    Draft draft() {
        return draft;
    }

    /** The base URI of a subschema whose surroundings have another one. */
    String baseOf(JsonNode node, String surrounding) {
        return bases.getOrDefault(node, surrounding);
    }

    private void index(Location at) {
        budget.tick(STEPS_PER_SCHEMA + 2L * at.node().size());
        if (at.node().isObject()) {
            budget.chargeMemory(SCHEMA_BYTES);
            Location here = identify(at);
            here.node().fieldNames().forEachRemaining(name -> indexKeyword(here, name));
        }
    }

    private void indexKeyword(Location here, String keyword) {
        JsonNode value = here.node().path(keyword);
        Location child = here.child(keyword, this);
        if (!SCHEMAS.contains(keyword) && !MAPS.contains(keyword)) {
            return; // what stands in unknown keywords has no identifiers
        }
        if (value.isArray()) {
            for (int i = 0; i < value.size(); i++) {
                index(child.child(i, this));
            }
        } else if (MAPS.contains(keyword)) {
            value.fieldNames().forEachRemaining(name -> index(child.child(name, this)));
        } else {
            index(child);
        }
    }

    /** Notes the identifier and the anchors of a schema, and gives it the base URI that they make. */
    private Location identify(Location at) {
        JsonNode node = at.node();
        boolean refAlone = draft.refStandsAlone() && node.has("$ref");
        JsonNode id = node.path(draft == Draft.DRAFT_4 ? "id" : "$id");
        String base = at.base();
        if (id.isTextual() && !refAlone) {
            String[] parts = split(id.textValue());
            if (!parts[0].isEmpty()) {
                base = resolve(base, parts[0]);
                chargeName(base);
                resources.put(base, at.withBase(base));
            }
            if (!parts[1].isEmpty()) {
                addAnchor(parts[1], at.withBase(base));
            }
        }
        bases.put(node, base);
        Location here = at.withBase(base);
        if (node.path(DYNAMIC_ANCHOR).isTextual()) {
            dynamicAnchors.merge(node.path(DYNAMIC_ANCHOR).textValue(), 1, Integer::sum);
        }
        for (String keyword : new String[] {"$anchor", DYNAMIC_ANCHOR}) {
            if (node.path(keyword).isTextual()) {
                addAnchor(node.path(keyword).textValue(), here);
            }
        }
        return here;
    }

    private void addAnchor(String name, Location at) {
        String anchor = at.base() + "#" + name;
        chargeName(anchor);
        anchors.put(anchor, at);
    }

    /** Names are kept whole, and each can be as long as its base. */
    private void chargeName(String name) {
        budget.tick(name.length());
        budget.chargeMemory(SCHEMA_BYTES + 2L * name.length());
    }

    private static String[] split(String uri) {
        int hash = uri.indexOf('#');
        return hash < 0 ? new String[] {uri, ""} : new String[] {uri.substring(0, hash), uri.substring(hash + 1)};
    }

    private static String resolve(String base, String reference) {
        try {
            return base.isEmpty()
                    ? reference
                    : URI.create(base).resolve(reference).toString();
        } catch (IllegalArgumentException e) {
            return reference;
        }
    }

    /** The schema that a reference means, or null if it is not in this document. */
    @Nullable
    Location find(String base, String reference) {
        budget.tick(STEPS_PER_REFERENCE + (long) base.length() + reference.length());
        String[] parts = split(reference);
        Location resource = resources.get(parts[0].isEmpty() ? base : resolve(base, parts[0]));
        if (resource == null) {
            return null;
        }
        String fragment = PercentEncoding.decode(parts[1]);
        if (fragment.isEmpty()) {
            return resource;
        }
        return fragment.startsWith("/")
                ? walk(resource, fragment.substring(1))
                : anchors.get(resource.base() + "#" + fragment);
    }

    /** Whether a reference leads to a schema by its {@code $dynamicAnchor}, and others have the same one. */
    boolean isOneOfSeveralDynamic(Location target, @Nullable String reference) {
        String name = reference == null ? "" : PercentEncoding.decode(split(reference)[1]);
        return target.node().path(DYNAMIC_ANCHOR).asText("").equals(name)
                && !name.isEmpty()
                && dynamicAnchors.getOrDefault(name, 0) > 1;
    }

    private @Nullable Location walk(Location from, String pointer) {
        Location at = from;
        for (String escaped : pointer.split("/", -1)) {
            String name = escaped.replace("~1", "/").replace("~0", "~");
            boolean isIndex = at.node().isArray() && name.matches("[0-9]{1,6}");
            at = isIndex ? at.child(Integer.parseInt(name), this) : at.child(name, this);
            if (at.node().isMissingNode()) {
                return null;
            }
        }
        return at;
    }
}
