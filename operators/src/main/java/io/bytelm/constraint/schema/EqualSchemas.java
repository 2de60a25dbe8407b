package io.bytelm.constraint.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Fingerprint;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Finds the first of the schemas of a document that say the same, so that branches with the same parts have the same nodes. Names are
 * hashed by all of their characters: strangers choose them. Used by one thread.
 */
final class EqualSchemas {
    /** What gives a schema an identity of its own, in whatever draft; or what it means depends on where it is applied. */
    private static final Set<String> IDENTITIES =
            Set.of("$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$dynamicRef", "$recursiveRef");

    private static final long NOT_SHARED = 0;
    private static final int STEPS_PER_PART = 4;
    private static final int PART_BYTES = 48;

    /** @param base URI that references are relative to */
    private record Key(long fingerprint, String base) {}

    private final CompileBudget budget;
    private final Map<JsonNode, Long> fingerprints = new IdentityHashMap<>();
    private final Map<Key, JsonNode> first = new HashMap<>();

    EqualSchemas(CompileBudget budget) {
        this.budget = budget;
    }

    /** The first schema that was asked for and says the same as this one; often itself. */
    JsonNode firstOf(Location at) {
        long fingerprint = fingerprint(at.node());
        if (fingerprint == NOT_SHARED) {
            return at.node();
        }
        JsonNode known = first.putIfAbsent(new Key(fingerprint, at.base()), at.node());
        return known != null && known.equals(at.node()) ? known : at.node();
    }

    private long fingerprint(JsonNode node) {
        Long known = fingerprints.get(node);
        if (known != null) {
            return known;
        }
        budget.tick(STEPS_PER_PART);
        budget.chargeMemory(PART_BYTES);
        long fingerprint = node.isContainerNode() ? ofParts(node) : ofScalar(node);
        fingerprints.put(node, fingerprint);
        return fingerprint;
    }

    private long ofScalar(JsonNode node) {
        String text = node.asText();
        budget.tick(text.length());
        return new Fingerprint().add(node.getNodeType().ordinal()).add(text).value() | 1;
    }

    private long ofParts(JsonNode node) {
        Fingerprint fingerprint = new Fingerprint().add(node.isArray() ? 1 : 2);
        if (node.isArray()) {
            for (JsonNode item : node) {
                long part = fingerprint(item);
                if (part == NOT_SHARED) {
                    return NOT_SHARED;
                }
                fingerprint.add(part);
            }
            return fingerprint.value() | 1;
        }
        for (Iterator<Map.Entry<String, JsonNode>> fields = node.fields(); fields.hasNext(); ) {
            Map.Entry<String, JsonNode> field = fields.next();
            budget.tick(field.getKey().length());
            boolean isIdentity = field.getValue().isTextual() && IDENTITIES.contains(field.getKey());
            long part = isIdentity ? NOT_SHARED : fingerprint(field.getValue());
            if (part == NOT_SHARED) {
                return NOT_SHARED;
            }
            fingerprint.add(field.getKey()).add(part);
        }
        return fingerprint.value() | 1;
    }
}
