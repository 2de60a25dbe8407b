package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileBudget;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.RandomWalks;
import org.junit.jupiter.api.Test;

class LenientSchemaTest {
    private static final String UNIQUE =
            "{\"type\":\"array\",\"items\":{\"type\":[\"integer\",\"array\"]},\"uniqueItems\":true}";

    private final CompileBudget budget = CompileBudget.start(CompileLimits.DEFAULT);

    private Constraint lenient(String schema) {
        return JsonSchema.compile(schema, SchemaOptions.GENERATION.withLenience(), budget);
    }

    private static boolean accepts(Constraint constraint, String document) {
        return RandomWalks.accepts(constraint, document.getBytes(UTF_8));
    }

    @Test
    void aKeywordThatIsNotEnforcedIsLeftOutAndTold() {
        assertThatThrownBy(() -> JsonSchema.compile(UNIQUE, SchemaOptions.GENERATION, CompileLimits.DEFAULT))
                .isInstanceOf(ConstraintException.class)
                .hasMessageStartingWith("#/uniqueItems: ");
        Constraint constraint = lenient(UNIQUE);
        assertThat(accepts(constraint, "[1,1]")).isTrue();
        assertThat(accepts(constraint, "[\"a\"]")).isFalse();
        assertThat(budget.ignored()).singleElement().asString().startsWith("#/uniqueItems: ");
    }

    @Test
    void allOfThemAreTold() {
        String schema = "{\"type\":\"object\",\"properties\":{\"a: b/c\":" + UNIQUE + ",\"d\":{\"$ref\":\"#/$defs/e\"},"
                + "\"f\":{\"$ref\":\"http://example.org/f.json\"}},\"$defs\":{\"e\":" + UNIQUE
                + "},\"required\":[\"d\"],\"additionalProperties\":false}";
        Constraint constraint = lenient(schema);
        assertThat(accepts(constraint, "{\"d\":[1,1],\"a: b/c\":[2,2],\"f\":\"x\"}"))
                .isTrue();
        assertThat(accepts(constraint, "{\"d\":[null]}")).isFalse();
        assertThat(accepts(constraint, "{\"d\":[],\"g\":1}")).isFalse();
        assertThat(budget.ignored())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("#/properties/a: b~1c/uniqueItems: "))
                .anyMatch(line -> line.startsWith("#/$defs/e/uniqueItems: "))
                .anyMatch(line -> line.startsWith("#/properties/f/$ref: "));
    }

    @Test
    void whatIsWrongStaysRefused() {
        assertThatThrownBy(() -> lenient("{\"type\":\"strin\"}")).hasMessageStartingWith("#/type: ");
        assertThatThrownBy(() -> lenient("{\"type\":\"string\",\"pattern\":\"(\"}"))
                .isInstanceOf(ConstraintException.class);
        assertThatThrownBy(() -> lenient("false")).isInstanceOf(ConstraintException.class);
        assertThat(budget.ignored()).isEmpty();
    }

    @Test
    void whatIsEnforcedIsAllThere() {
        assertThat(accepts(lenient("{\"type\":\"null\"}"), "null")).isTrue();
        assertThat(budget.ignored()).isEmpty();
    }

    @Test
    void aVersionThatIsNotKnownIsLeftOut() {
        assertThat(accepts(lenient("{\"$schema\":\"http://example.org/draft\",\"type\":\"null\"}"), "null"))
                .isTrue();
        assertThat(budget.ignored()).singleElement().asString().startsWith("#/$schema: ");
    }
}
