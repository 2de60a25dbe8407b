package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ProcessorTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Schemas that would cost too much end in a refusal, soon. */
class HostileSchemaTest {
    private static void assertRefusedSoon(String schema) {
        Duration worked = ProcessorTime.of(() -> assertThatThrownBy(
                        () -> JsonSchema.compile(schema, SchemaOptions.GENERATION, CompileLimits.DEFAULT))
                .isInstanceOf(ConstraintException.class));
        // the limit is two seconds of work; the rest is for reading the schema, and for a slow machine
        assertThat(worked).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void deepNesting() {
        assertRefusedSoon("{\"items\":".repeat(50_000) + "{}" + "}".repeat(50_000));
    }

    @Test
    void aLongChainOfReferencesThatAreNotAlone() {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/0\",\"$defs\":{");
        for (int i = 0; i < 20_000; i++) {
            schema.append('"')
                    .append(i)
                    .append("\":{\"minimum\":0,\"$ref\":\"#/$defs/")
                    .append(i + 1)
                    .append("\"},");
        }
        assertRefusedSoon(schema.append("\"20000\":{}}}").toString());
    }

    @Test
    void aLongChainOfReferencesIsFollowed() {
        StringBuilder schema = new StringBuilder("{\"$ref\":\"#/$defs/0\",\"$defs\":{");
        for (int i = 0; i < 2_000; i++) {
            schema.append('"')
                    .append(i)
                    .append("\":{\"$ref\":\"#/$defs/")
                    .append(i + 1)
                    .append("\"},");
        }
        schema.append("\"2000\":{\"type\":\"null\"}}}");
        assertThat(JsonSchema.compile(schema.toString(), SchemaOptions.GENERATION, CompileLimits.DEFAULT)
                        .start()
                        .fewestBytesToAccept())
                .isEqualTo(4);
    }

    @Test
    void alternativesThatMultiply() {
        StringBuilder schema = new StringBuilder("{\"type\":\"object\",\"allOf\":[");
        for (int i = 0; i < 40; i++) {
            schema.append(i == 0 ? "" : ",")
                    .append("{\"anyOf\":[{\"required\":[\"a")
                    .append(i)
                    .append("\"]},{\"required\":[\"b")
                    .append(i)
                    .append("\"]}]}");
        }
        assertRefusedSoon(schema.append("]}").toString());
    }

    @Test
    void nestedCountersInAPattern() {
        assertRefusedSoon("{\"type\":\"string\",\"pattern\":\"^((a{1,1000}){1,1000}){1,1000}$\"}");
    }

    @Test
    void recursionWithoutAnEnd() {
        assertRefusedSoon("{\"allOf\":[{\"$ref\":\"#\"}]}");
        assertRefusedSoon("{\"anyOf\":[{\"type\":\"null\"},{\"$ref\":\"#\"}]}");
        assertRefusedSoon("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#\"}},\"required\":[\"a\"]}");
    }

    @Test
    void manyRequiredItems() {
        assertRefusedSoon("{\"type\":\"array\",\"minItems\":2000000000}");
    }

    @Test
    void aMultipleOfManyRemainders() {
        assertRefusedSoon("{\"multipleOf\":123456789}");
    }
}
