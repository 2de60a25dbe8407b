package io.bytelm.constraint.schema;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.NotJson;
import io.bytelm.constraint.Recursion;
import io.bytelm.constraint.schema.algebra.Algebra;
import io.bytelm.constraint.schema.text.NumberTexts;

/**
 * JSON Schema draft 2020-12 as a constraint, and older drafts where {@code $schema} says so or a form can only mean one
 * thing. It is exact: a document is accepted if and only if it is valid, each key comes once, strings are written as RFC
 * 8785 has them (an escape only where it must be), and numbers that are limited in any way have no exponent.
 *
 * <p>A number of more than 400 digits, a limit that no document of any use reaches, and half of a surrogate pair in a name or a
 * value are refused, with their JSON pointer, before anything is made of them. A keyword that is not enforced refuses the schema, with its JSON pointer, or
 * is left out where {@link SchemaOptions#lenient} says so. Keywords that no draft defines are
 * annotations, as the standard has it, and so are unknown formats.
 */
public final class JsonSchema {
    private static final int MAX_NESTING = 200;
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private JsonSchema() {}

    /** @throws ConstraintException if the text is not a schema, is refused, or nothing satisfies it */
    public static SchemaConstraint compile(String schema, SchemaOptions options, CompileLimits limits) {
        return compile(schema, options, CompileBudget.start(limits));
    }

    /** The same within what is left of a budget. */
    public static SchemaConstraint compile(String schema, SchemaOptions options, CompileBudget budget) {
        try {
            return compile(MAPPER.readTree(schema), options, budget);
        } catch (JsonProcessingException e) {
            throw new ConstraintException(Reason.SYNTAX, "the schema is not JSON: " + NotJson.why(e));
        } catch (NumberFormatException e) { // which the parser lets through for an exponent of more than ten digits
            throw new ConstraintException(Reason.TOO_LARGE, "the schema has " + NumberTexts.TOO_LONG);
        }
    }

    /** The same for a schema that has been read, with decimals as {@link java.math.BigDecimal}. */
    public static SchemaConstraint compile(JsonNode schema, SchemaOptions options, CompileLimits limits) {
        return compile(schema, options, CompileBudget.start(limits));
    }

    private static SchemaConstraint compile(JsonNode schema, SchemaOptions options, CompileBudget budget) {
        return options.lenient()
                ? LenientSchema.compile(schema, part -> compiled(part, options, budget), budget)
                : compiled(schema, options, budget);
    }

    private static SchemaConstraint compiled(JsonNode schema, SchemaOptions options, CompileBudget budget) {
        return Recursion.bounded(() -> {
            Algebra algebra = new Algebra(budget);
            SchemaDocument document = new SchemaDocument(schema, budget);
            SchemaReader reader = new SchemaReader(document, algebra, options);
            return new SchemaConstraint(new NetworkBuilder(algebra, options).build(reader.root()));
        });
    }
}
