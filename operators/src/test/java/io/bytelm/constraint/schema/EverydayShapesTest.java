package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import org.junit.jupiter.api.Test;

/** Shapes that people write whose combinations are many, and what they allow. */
class EverydayShapesTest {
    private static Constraint compile(String schema) {
        return JsonSchema.compile(schema.replace('`', '"'), SchemaOptions.GENERATION, CompileLimits.DEFAULT);
    }

    private static boolean accepts(Constraint constraint, String document) {
        return RandomWalks.accepts(constraint, document.replace('`', '"').getBytes(UTF_8));
    }

    @Test
    void oneOfTwoMaps() {
        Constraint constraint = compile("{`oneOf`:[{`type`:`object`,`additionalProperties`:{`type`:`integer`}},"
                + "{`type`:`object`,`additionalProperties`:{`type`:`number`}}]}");
        assertThat(accepts(constraint, "{}")).isFalse();
        assertThat(accepts(constraint, "{`a`:1}")).isFalse();
        assertThat(accepts(constraint, "{`a`:1,`b`:1.5}")).isTrue();
    }

    @Test
    void threeArraysThatMayBeEmpty() {
        Constraint constraint = compile("{`oneOf`:[{`type`:`array`,`items`:{`type`:`integer`}},"
                + "{`type`:`array`,`items`:{`type`:`string`}},{`type`:`array`,`items`:{`type`:`boolean`}}]}");
        assertThat(accepts(constraint, "[]")).isFalse();
        assertThat(accepts(constraint, "[1,2]")).isTrue();
        assertThat(accepts(constraint, "[true]")).isTrue();
        assertThat(accepts(constraint, "[1,`a`]")).isFalse();
    }

    @Test
    void aChainOfConditions() {
        StringBuilder schema =
                new StringBuilder("{`type`:`object`,`properties`:{`k`:{`type`:`integer`}},`required`:[`k`],`allOf`:[");
        for (int i = 0; i < 20; i++) {
            schema.append(i == 0 ? "" : ",")
                    .append("{`if`:{`properties`:{`k`:{`const`:" + i + "}}},`then`:{`required`:[`p" + i + "`]}}");
        }
        Constraint constraint = compile(schema.append("]}").toString());
        assertThat(accepts(constraint, "{`k`:7,`p7`:1}")).isTrue();
        assertThat(accepts(constraint, "{`k`:7,`p8`:1}")).isFalse();
        assertThat(accepts(constraint, "{`k`:20}")).isTrue();
    }

    @Test
    void conditionsWithinEachOther() {
        StringBuilder schema =
                new StringBuilder("{`type`:`object`,`required`:[`k`],`properties`:{`k`:{`type`:`integer`}}");
        for (int i = 0; i < 20; i++) {
            schema.append(",`if`:{`properties`:{`k`:{`const`:" + i + "}}},`then`:{`required`:[`p" + i + "`]},`else`:{");
            schema.append(i == 19 ? "`maxProperties`:1" : "`properties`:{}");
        }
        Constraint constraint = compile(schema.append("}".repeat(21)).toString());
        assertThat(accepts(constraint, "{`k`:7,`p7`:1}")).isTrue();
        assertThat(accepts(constraint, "{`k`:7,`p8`:1}")).isFalse();
        assertThat(accepts(constraint, "{`k`:20}")).isTrue();
        assertThat(accepts(constraint, "{`k`:20,`z`:1}")).isFalse();
    }

    @Test
    void branchesThatAConstantTellsApartAndNothingRequires() {
        StringBuilder schema = new StringBuilder("{`type`:`object`,`oneOf`:[");
        for (int i = 0; i < 10; i++) {
            schema.append(i == 0 ? "" : ",")
                    .append("{`properties`:{`kind`:{`enum`:[`k" + i + "`]},`size`:{`type`:`integer`},`v" + i
                            + "`:{`type`:`string`}},`required`:[`kind`]}");
        }
        Constraint constraint = compile(schema.append("]}").toString());
        assertThat(accepts(constraint, "{`kind`:`k3`,`v3`:`a`,`v4`:7}")).isTrue();
        assertThat(accepts(constraint, "{`kind`:`k3`,`v3`:7}")).isFalse();
        assertThat(accepts(constraint, "{`v3`:`a`}")).isFalse();
    }

    @Test
    void openBranchesOfWhichExactlyOneHolds() {
        StringBuilder schema = new StringBuilder("{`type`:`object`,`oneOf`:[");
        for (int i = 0; i < 10; i++) {
            schema.append(i == 0 ? "" : ",").append("{`required`:[`p" + i + "`]}");
        }
        Constraint constraint = compile(schema.append("]}").toString());
        assertThat(accepts(constraint, "{`p3`:1,`q`:2}")).isTrue();
        assertThat(accepts(constraint, "{`p3`:1,`p4`:2}")).isFalse();
        assertThat(accepts(constraint, "{`q`:2}")).isFalse();
    }

    @Test
    void patternsOfKeysThatOverlap() {
        StringBuilder schema = new StringBuilder("{`type`:`object`,`patternProperties`:{");
        for (int i = 0; i < 8; i++) {
            char letter = (char) ('a' + i);
            schema.append(i == 0 ? "" : ",").append("`" + letter + "`:{`minimum`:" + i + "}");
        }
        Constraint constraint = compile(schema.append("}}").toString());
        assertThat(accepts(constraint, "{`abc`:2}")).isTrue();
        assertThat(accepts(constraint, "{`abc`:1}")).isFalse();
        assertThat(accepts(constraint, "{`cafebahd`:7,`x`:-1}")).isTrue();
        assertThat(accepts(constraint, "{`cafebahd`:6}")).isFalse();
    }

    @Test
    void aKeyOutsideTheProperties() {
        Constraint constraint = compile("{`type`:`object`,`properties`:{`a`:{`type`:`null`}},"
                + "`not`:{`properties`:{`a`:{}},`additionalProperties`:false}}");
        assertThat(accepts(constraint, "{`a`:null}")).isFalse();
        assertThat(accepts(constraint, "{`a`:null,`b`:1}")).isTrue();
        assertThat(constraint.start().fewestBytesToAccept()).isEqualTo("{\"\":0}".length());
    }
}
