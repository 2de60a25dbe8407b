package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ProcessorTime;
import io.bytelm.constraint.RandomWalks;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Everyday shapes, many times over. */
class LargeShapesTest {
    private static Constraint compile(String schema) {
        Constraint[] compiled = new Constraint[1];
        Duration worked = ProcessorTime.of(() -> compiled[0] =
                JsonSchema.compile(schema.replace('`', '"'), SchemaOptions.GENERATION, CompileLimits.DEFAULT));
        assertThat(worked).isLessThan(Duration.ofSeconds(8));
        return compiled[0];
    }

    private static boolean accepts(Constraint constraint, String document) {
        return RandomWalks.accepts(constraint, document.replace('`', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEnumOfManyTexts() {
        StringBuilder schema = new StringBuilder("{`type`:`string`,`enum`:[`none`");
        for (int i = 0; i < 500_000; i++) {
            schema.append(",`").append(Integer.toString(i * 7, 36)).append("`");
        }
        Constraint constraint = compile(schema.append("]}").toString());
        for (int i = 0; i < 3_500_000; i += 331) {
            assertThat(accepts(constraint, "`" + Integer.toString(i, 36) + "`"))
                    .as("%d", i)
                    .isEqualTo(i % 7 == 0);
        }
    }

    @Test
    void oneLetterSoManyTimes() {
        Constraint constraint = compile("{`type`:`string`,`pattern`:`^\\\\p{L}{2,1000}$`,`maxLength`:900}");
        assertThat(accepts(constraint, "`é`")).isFalse();
        assertThat(accepts(constraint, "`éa`")).isTrue();
        assertThat(accepts(constraint, "`é1`")).isFalse();
        assertThat(accepts(constraint, "`" + "字".repeat(900) + "`")).isTrue();
        assertThat(accepts(constraint, "`" + "字".repeat(901) + "`")).isFalse();
        Constraint longer = compile("{`type`:`string`,`pattern`:`^(\\\\p{L}){1000}$`}");
        assertThat(accepts(longer, "`" + "я".repeat(999) + "`")).isFalse();
        assertThat(accepts(longer, "`" + "я".repeat(1000) + "`")).isTrue();
        assertThat(accepts(longer, "`" + "я".repeat(1001) + "`")).isFalse();
    }

    @Test
    void anObjectOfManyProperties() {
        String[] types = {"string", "integer", "number", "boolean"};
        String[] values = {"`x`", "-7", "1.5", "true"};
        StringBuilder schema = new StringBuilder("{`type`:`object`,`additionalProperties`:false,`properties`:{");
        for (int i = 0; i < 20_000; i++) {
            schema.append(i == 0 ? "" : ",").append("`key" + i + "`:{`type`:`" + types[i % 4] + "`}");
        }
        Constraint constraint = compile(schema.append("}}").toString());
        for (int i = 0; i < 20_000; i += 777) {
            String entry = "`key" + i + "`:" + values[i % 4];
            assertThat(accepts(constraint, "{" + entry + "}")).isTrue();
            assertThat(accepts(constraint, "{" + entry + ",`key1`:2}")).isEqualTo(i != 1);
            assertThat(accepts(constraint, "{" + entry + "," + entry + "}")).isFalse();
            assertThat(accepts(constraint, "{`key" + i + "`:" + values[(i + 3) % 4] + "}"))
                    .isEqualTo(i % 4 == 2); // an integer is a number
            assertThat(accepts(constraint, "{`kex" + i + "`:1}")).isFalse();
        }
    }

    @Test
    void objectsThatAConstantTellsApart() {
        StringBuilder schema = new StringBuilder("{`oneOf`:[");
        for (int i = 0; i < 1_000; i++) {
            schema.append(i == 0 ? "" : ",")
                    .append("{`type`:`object`,`properties`:{`kind`:{`const`:`k" + i + "`},`v`:{`enum`:[" + i + "]}},")
                    .append("`required`:[`kind`,`v`],`additionalProperties`:false}");
        }
        Constraint constraint = compile(schema.append("]}").toString());
        for (int i = 0; i < 1_000; i += 37) {
            assertThat(accepts(constraint, "{`kind`:`k" + i + "`,`v`:" + i + "}"))
                    .isTrue();
            assertThat(accepts(constraint, "{`v`:" + i + ",`kind`:`k" + i + "`}"))
                    .isTrue();
            assertThat(accepts(constraint, "{`kind`:`k" + i + "`,`v`:" + (i + 1) + "}"))
                    .isFalse();
            assertThat(accepts(constraint, "{`kind`:`k" + i + "`}")).isFalse();
        }
    }

    @Test
    void alternativesThatTheConstantDoesNotTellApartExcludeEachOther() {
        StringBuilder schema = new StringBuilder("{`oneOf`:[");
        for (int i = 0; i < 20; i++) {
            schema.append("{`type`:`object`,`properties`:{`kind`:{`const`:`k" + i % 19 + "`},`v`:{`type`:")
                    .append(i == 19 ? "[`null`,`boolean`]" : "[`string`,`null`]")
                    .append("}},`required`:[`kind`,`v`],`additionalProperties`:false}")
                    .append(i == 19 ? "]}" : ",");
        }
        Constraint constraint = compile(schema.toString());
        assertThat(accepts(constraint, "{`kind`:`k3`,`v`:null}")).isTrue();
        assertThat(accepts(constraint, "{`kind`:`k0`,`v`:null}")).isFalse(); // both branches of k0
        assertThat(accepts(constraint, "{`kind`:`k0`,`v`:`x`}")).isTrue();
        assertThat(accepts(constraint, "{`kind`:`k0`,`v`:true}")).isTrue();
        assertThat(accepts(constraint, "{`kind`:`k3`,`v`:true}")).isFalse();
    }
}
