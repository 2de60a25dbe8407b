package io.bytelm.constraint.source;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.NotJson;
import io.bytelm.constraint.composed.Composer;
import io.bytelm.constraint.composed.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Reads a constraint as JSON, with all that it is made of, and compiles it. Used by one thread. */
final class ComposedReader {
    private static final ObjectReader JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS) // of a schema every digit counts
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build()
            .readerFor(JsonNode.class);

    private static final int BYTES_PER_CHAR = 8;
    private static final String ITEM = "item";
    private static final String ITEMS = "items";

    private final CompileBudget budget;
    private final LeafReader leaves;
    private final RegionsReader regions;

    private ComposedReader(CompileBudget budget) {
        this.budget = budget;
        this.leaves = new LeafReader(budget);
        this.regions = new RegionsReader(this, budget);
    }

    /** @throws ConstraintException with the JSON pointer into the text, if it is malformed, refused, or over the budget */
    static Constraint compile(String text, CompileBudget budget) {
        budget.tick(text.length());
        budget.requireMemory((long) BYTES_PER_CHAR * text.length());
        return Composer.compile(new ComposedReader(budget).part(parsed(text), "", 1), budget);
    }

    private static JsonNode parsed(String text) {
        try {
            JsonNode root = JSON.readTree(text);
            if (root.isMissingNode()) {
                throw new ConstraintException(
                        Reason.SYNTAX, "the constraint is blank; write an object with a \"kind\"");
            }
            return root;
        } catch (JsonProcessingException e) {
            throw new ConstraintException(Reason.SYNTAX, "the constraint is not JSON: " + NotJson.why(e));
        } catch (NumberFormatException e) { // which the parser lets through for an exponent of more than ten digits
            throw new ConstraintException(Reason.SYNTAX, "the constraint has a number whose exponent is too large");
        }
    }

    /**
     * A constraint of any kind.
     *
     * @param depth how many constraints it is in, itself included
     */
    Part part(JsonNode node, String pointer, int depth) {
        budget.checkNesting(depth, () -> pointer);
        budget.tick();
        if (node.isTextual()) {
            return new Part.Bytes(ConstraintFields.utf8(node, pointer));
        }
        ConstraintFields fields =
                ConstraintFields.of(node, pointer, "an object with a \"kind\", or a text for a literal");
        String kind = fields.text(ComposedKind.KIND, "");
        int composed = ComposedKind.labels().indexOf(kind);
        if (composed < 0) {
            return new Part.Whole(leaves.read(fields, leafKind(fields)));
        }
        ComposedKind found = ComposedKind.values()[composed];
        fields.allow(found.fields());
        return switch (found) {
            case SEQUENCE -> new Part.Sequence(items(fields, depth));
            case ALTERNATIVE -> new Part.Alternatives(items(fields, depth));
            case OPTIONAL -> new Part.Repeat(item(fields, depth), 0, 1);
            case REPEAT -> repeat(fields, depth);
            case LITERAL -> literal(fields);
            case TEXT -> regions.text(fields);
            case REGIONS -> regions.regions(fields, depth);
            case OPENAI -> new OpenAiReader(fields, leaves).read();
        };
    }

    private static ConstraintKind leafKind(ConstraintFields fields) {
        List<String> allowed = Stream.concat(ConstraintKind.labels().stream(), ComposedKind.labels().stream())
                .toList();
        JsonNode found = fields.get(ComposedKind.KIND);
        if (found == null) {
            throw ConstraintFields.refused(
                    fields.pointer(), "there is no \"kind\"; allowed are " + String.join(", ", allowed));
        }
        int place = ConstraintKind.labels().indexOf(found.asText());
        if (place < 0) {
            throw fields.wrong(ComposedKind.KIND, found, "one of " + String.join(", ", allowed));
        }
        return ConstraintKind.leaf(place);
    }

    private List<Part> items(ConstraintFields fields, int depth) {
        List<JsonNode> items = fields.list(ITEMS);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            parts.add(part(items.get(i), fields.pointer() + '/' + ITEMS + '/' + i, depth + 1));
        }
        return parts;
    }

    /** The constraint in the field {@code item}. */
    Part item(ConstraintFields fields, int depth) {
        return part(fields.required(ITEM), fields.pointer() + '/' + ITEM, depth + 1);
    }

    private Part repeat(ConstraintFields fields, int depth) {
        Counts counts = Counts.of(fields);
        return new Part.Repeat(item(fields, depth), counts.min(), counts.max());
    }

    private static Part literal(ConstraintFields fields) {
        byte[] bytes = fields.bytes("text");
        if (bytes == null) {
            throw ConstraintFields.refused(fields.pointer(), "a literal needs a \"text\", or bytes in \"text_hex\"");
        }
        return new Part.Bytes(bytes);
    }
}
