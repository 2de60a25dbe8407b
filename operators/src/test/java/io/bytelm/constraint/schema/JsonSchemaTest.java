package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.ConstraintException.Reason;
import io.bytelm.constraint.Cursor;
import io.bytelm.constraint.RandomWalks;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemaTest {
    private static Constraint compile(String schema) {
        return JsonSchema.compile(schema.replace('`', '"'), SchemaOptions.GENERATION, CompileLimits.DEFAULT);
    }

    private static boolean accepts(Constraint constraint, String document) {
        return RandomWalks.accepts(constraint, document.replace('`', '"').getBytes(UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{`type`:`string`,`minLength`:2,`maxLength`:3} | `ab` `äöü` `\\n\\u001f` | `a` `abcd` `€` 12",
                "{`type`:`string`,`pattern`:`^a+$`,`maxLength`:2} | `a` `aa` | `aaa` `` `b`",
                "{`pattern`:`^[^a]$`} | `\\n` `b` 3 null | `a` `bb`",
                "{`type`:`integer`,`minimum`:-3,`exclusiveMaximum`:12} | -3 0 11 | -4 12 1.0 1e1",
                "{`type`:`number`,`minimum`:1.5} | 1.5 1.50 2 100.1 | 1.49 0 -2 15e-1",
                "{`multipleOf`:0.25} | 0 1.75 -3.50 `x` | 0.2 1.251",
                "{`multipleOf`:7} | 0 14 -21 | 15 7.7 14.0",
                "{`type`:`number`} | 1e9 -0.5E-3 0 | 01 .5 1. +1",
                "{`enum`:[1,`a`,null,[2],{`k`:true}]} | 1 `a` null [2] {`k`:true} | 2 `b` [] {`k`:false} {}",
                "{`type`:[`boolean`,`null`]} | true false null | 0 `` [] {}",
            })
    void scalarsAreDecidedByTheirValue(String schema, String valid, String invalid) {
        checkAll(schema, valid, invalid);
    }

    @Test
    void newNumbersNeverBeginWithAMinusAndAZeroThatStandsForNothing() {
        checkAll("{`type`:`integer`}", "0 -1 -10", "-0 -01");
        checkAll("{`enum`:[0,-0.5]}", "0 -0.5", "-0 -0.0");
        Constraint integers =
                JsonSchema.compile("{\"type\":\"integer\"}", SchemaOptions.GENERATION, CompileLimits.DEFAULT);
        assertThat(RandomWalks.after(integers, new byte[] {'-'}).live().contains('0'))
                .isFalse();
    }

    @Test
    void theLocalPartOfAnAddressHasAtMost64Bytes() {
        String longest = "a".repeat(31) + "." + "b".repeat(32);
        String quoted = "\\\"" + "@".repeat(62) + "\\\"";
        checkAll(
                "{`type`:`string`,`format`:`email`}",
                "`%s@c.de` `%s@c.de`".formatted(longest, quoted),
                "`x%s@c.de` `%s@c.de` `@c.de`".formatted(longest, quoted.replace("@@", "@@@")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{`properties`:{`a`:{`type`:`integer`},`b`:{}},`required`:[`a`],`additionalProperties`:false}"
                        + " | {`a`:1} {`b`:[],`a`:2} {`a`:2,`b`:0} | {} {`b`:1} {`a`:1,`c`:2} {`a`:1,`a`:2} {`a`:`x`}",
                "{`type`:`object`,`minProperties`:1,`maxProperties`:2} | {`x`:1} {`x`:1,`xy`:2}"
                        + " | {} {`x`:1,`x`:1} {`x`:1,`y`:2,`z`:3}",
                "{`patternProperties`:{`^n`:{`type`:`number`}},`additionalProperties`:{`type`:`string`}}"
                        + " | {`n1`:1,`s`:`x`} {} | {`n1`:`x`} {`s`:1}",
                "{`propertyNames`:{`maxLength`:1}} | {`a`:1,`b`:2} | {`ab`:1}",
                "{`type`:`object`,`dependentRequired`:{`a`:[`b`],`b`:[`c`]}} | {`c`:1} {`a`:1,`c`:1,`b`:1}"
                        + " | {`a`:1} {`b`:1} {`a`:1,`b`:1}",
                "{`dependentSchemas`:{`a`:{`required`:[`b`]}}} | {} 1 {`b`:1,`a`:1} | {`a`:1}",
                "{`type`:`array`,`prefixItems`:[{`type`:`null`}],`items`:{`type`:`boolean`},`minItems`:1,`maxItems`:3}"
                        + " | [null] [null,true] [null,true,false] | [] [true] [null,null] [null,true,true,true]",
                "{`items`:false} | [] {} | [1]",
            })
    void objectsAndArrays(String schema, String valid, String invalid) {
        checkAll(schema, valid, invalid);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{`anyOf`:[{`type`:`integer`},{`type`:`number`,`minimum`:2.5}]} | 1 2.5 | 1.5 `a`",
                "{`oneOf`:[{`multipleOf`:3},{`multipleOf`:5}],`type`:`integer`} | 3 5 9 | 15 2 0",
                "{`oneOf`:[{`required`:[`a`]},{`required`:[`b`]}],`type`:`object`} | {`a`:1} {`b`:2} | {} {`a`:1,`b`:2}",
                "{`not`:{`type`:`object`,`required`:[`a`]}} | 1 {} {`b`:1} | {`a`:1}",
                "{`allOf`:[{`properties`:{`a`:{`minimum`:2}}},{`properties`:{`a`:{`maximum`:3}}}]}"
                        + " | {`a`:2} {`a`:`x`} {`z`:0} | {`a`:1} {`a`:4}",
                "{`if`:{`properties`:{`k`:{`const`:1}},`required`:[`k`]},`then`:{`required`:[`v`]},`else`:{`maxProperties`:1}}"
                        + " | {`k`:1,`v`:2} {`k`:2} {} | {`k`:1} {`k`:2,`v`:1}",
                "{`$defs`:{`t`:{`type`:`object`,`properties`:{`c`:{`type`:`array`,`items`:{`$ref`:`#/$defs/t`}}},"
                        + "`additionalProperties`:false}},`$ref`:`#/$defs/t`}"
                        + " | {} {`c`:[]} {`c`:[{},{`c`:[{}]}]} | {`c`:[1]} {`d`:1}",
                "{`anyOf`:[{`items`:{`type`:`integer`}},{`items`:{`enum`:[1,`a`]}}],`type`:`array`}"
                        + " | [1,2] [1,`a`] [] | [2,`a`] [`b`]",
            })
    void combinedSchemas(String schema, String valid, String invalid) {
        checkAll(schema, valid, invalid);
    }

    private static void checkAll(String schema, String valid, String invalid) {
        Constraint constraint = compile(schema);
        for (String document : valid.split(" ")) {
            assertThat(accepts(constraint, document)).as("valid %s", document).isTrue();
        }
        for (String document : invalid.split(" ")) {
            assertThat(accepts(constraint, document)).as("invalid %s", document).isFalse();
        }
    }

    @Test
    void keysCanBeHeldToTheSchemasOrder() {
        String schema = "{\"properties\":{\"b\":{},\"a\":{}},\"required\":[\"a\"],\"type\":\"object\"}";
        Constraint ordered =
                JsonSchema.compile(schema, SchemaOptions.GENERATION.withSchemaOrder(), CompileLimits.DEFAULT);
        assertThat(accepts(ordered, "{`b`:1,`a`:2,`z`:3}")).isTrue();
        assertThat(accepts(ordered, "{`a`:2}")).isTrue();
        assertThat(accepts(ordered, "{`a`:2,`b`:1}")).isFalse();
        assertThat(accepts(ordered, "{`z`:3,`a`:2}")).isFalse();
    }

    @Test
    void whiteSpaceIsAllowedWhereAskedFor() {
        String schema = "{\"type\":\"array\",\"items\":{\"type\":\"integer\"}}";
        Constraint flexible = JsonSchema.compile(schema, SchemaOptions.VALIDATION, CompileLimits.DEFAULT);
        assertThat(accepts(flexible, " [ 1 ,\n2\t] ")).isTrue();
        assertThat(accepts(flexible, "[1 2]")).isFalse();
        assertThat(accepts(compile(schema), "[1, 2]")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0000',
            value = {
                "{`$ref`:`#`} | UNSUPPORTED | #: ",
                "{`properties`:{`a`:{`$ref`:`http://example.com/x`}}} | UNSUPPORTED | #/properties/a/$ref",
                "{`items`:{`uniqueItems`:true}} | UNSUPPORTED | #/items/uniqueItems",
                "{`properties`:{`a`:{`$dynamicRef`:`#x`}}} | UNSUPPORTED | #/properties/a/$dynamicRef",
                "{`$defs`:{`a`:{`$id`:`a`,`$dynamicAnchor`:`x`},`b`:{`$id`:`b`,`$dynamicAnchor`:`x`}},`$dynamicRef`:`a#x`} | UNSUPPORTED | #/$dynamicRef",
                "{`type`:`object`,`properties`:{`a`:false},`required`:[`a`]} | UNSATISFIABLE | #",
                "{`type`:`array`,`items`:{`$ref`:`#`},`minItems`:1} | UNSATISFIABLE | #",
                "{`type`:`strnig`} | SYNTAX | #/type",
                "{`$schema`:`http://example.com/own`} | UNSUPPORTED | #/$schema",
                "[1] | SYNTAX | #",
                "{`a`: | SYNTAX | not JSON",
            })
    void whatCannotBeEnforcedIsRefusedWithItsPlace(String schema, Reason reason, String place) {
        assertThatThrownBy(() -> compile(schema))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining(place)
                .satisfies(e -> assertThat(((ConstraintException) e).reason()).isEqualTo(reason));
    }

    @Test
    void aDynamicReferenceThatCanOnlyMeanOneSchemaIsFollowed() {
        Constraint constraint = compile("{`$dynamicAnchor`:`t`,`type`:`object`,`properties`:{`c`:{`$dynamicRef`:`#t`},"
                + "`d`:{`$dynamicRef`:`#/$defs/n`}},`additionalProperties`:false,`$defs`:{`n`:{`type`:`null`}}}");
        assertThat(accepts(constraint, "{`c`:{`c`:{},`d`:null}}")).isTrue();
        assertThat(accepts(constraint, "{`c`:1}")).isFalse();
        assertThat(accepts(constraint, "{`d`:1}")).isFalse();
    }

    @Test
    void theShortestCompletionIsKnownByteByByte() {
        Constraint constraint = compile("{`type`:`object`,`properties`:{`ab`:{`type`:`array`,`minItems`:2,"
                + "`items`:{`minLength`:3,`type`:`string`}}},`required`:[`ab`]}");
        byte[] shortest = "{\"ab\":[\"xyz\",\"xyz\"]}".getBytes(UTF_8);
        Cursor cursor = constraint.start();
        for (int i = 0; i < shortest.length; i++) {
            assertThat(cursor.fewestBytesToAccept()).as("at byte %d", i).isEqualTo(shortest.length - i);
            cursor = RandomWalks.step(cursor, shortest[i] & 0xFF);
        }
        assertThat(cursor.accepting()).isTrue();
    }
}
