package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import io.bytelm.constraint.json.Escapes;
import io.bytelm.constraint.whitespace.Separators;
import io.bytelm.constraint.whitespace.Whitespace;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random documents under a byte budget, checked by another implementation of the standard. */
class SchemaWalksTest {
    private static final ObjectMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`type`:`string`,`minLength`:2,`maxLength`:5}",
                "{`type`:`string`,`pattern`:`^(ab|[^a-z]){2,}$`,`maxLength`:7}",
                "{`type`:[`integer`,`null`],`minimum`:-17,`maximum`:130,`multipleOf`:3}",
                "{`type`:`number`,`exclusiveMinimum`:-0.25,`maximum`:99.5}",
                "{`enum`:[1.5,`a`,[1,{`b`:2}],{`x`:null}]}",
                "{`type`:`object`,`properties`:{`id`:{`type`:`integer`,`minimum`:1},`tags`:{`type`:`array`,"
                        + "`items`:{`type`:`string`,`maxLength`:3},`minItems`:1,`maxItems`:3},`on`:{`type`:`boolean`}},"
                        + "`required`:[`tags`,`id`],`additionalProperties`:false}",
                "{`type`:`object`,`minProperties`:2,`maxProperties`:4,`propertyNames`:{`pattern`:`^[ab]{1,2}$`},"
                        + "`additionalProperties`:{`type`:`boolean`}}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`},`ab`:{`type`:`null`},`b`:false},"
                        + "`patternProperties`:{`^a`:{`enum`:[null,1]}},`additionalProperties`:{`type`:`integer`},"
                        + "`minProperties`:3}",
                "{`type`:`object`,`properties`:{`a`:{`const`:1},`b`:{`const`:2},`c`:{`const`:3}},"
                        + "`dependentRequired`:{`a`:[`b`],`b`:[`c`]},`maxProperties`:3,`additionalProperties`:false}",
                "{`$defs`:{`t`:{`type`:`object`,`properties`:{`v`:{`type`:`integer`},`c`:{`type`:`array`,`items`:"
                        + "{`$ref`:`#/$defs/t`},`maxItems`:2}},`required`:[`v`],`additionalProperties`:false}},"
                        + "`$ref`:`#/$defs/t`}",
                "{`type`:`array`,`prefixItems`:[{`type`:`null`},{`type`:`string`,`maxLength`:2}],`items`:"
                        + "{`type`:`boolean`},`minItems`:3,`maxItems`:5}",
                "{`type`:`object`,`oneOf`:[{`properties`:{`k`:{`const`:`x`},`n`:{`type`:`integer`}},"
                        + "`required`:[`k`,`n`]},{`properties`:{`k`:{`const`:`y`}},`required`:[`k`]}],"
                        + "`propertyNames`:{`maxLength`:2},`maxProperties`:3}",
                "{`anyOf`:[{`type`:`array`,`items`:{`type`:`integer`},`minItems`:2},{`type`:`array`,`items`:"
                        + "{`enum`:[1,`a`]},`maxItems`:4}]}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`integer`},`b`:{`type`:`boolean`}},"
                        + "`additionalProperties`:false,`if`:{`properties`:{`b`:{`const`:true}},`required`:[`b`]},"
                        + "`then`:{`required`:[`a`]},`not`:{`required`:[`a`],`properties`:{`a`:{`maximum`:5}}}}",
                "{`type`:`array`,`contains`:{`type`:`integer`},`minContains`:2,`maxContains`:3,`maxItems`:5,`items`:"
                        + "{`type`:[`integer`,`boolean`]}}",
                "{`type`:`array`,`prefixItems`:[{`type`:`null`}],`contains`:{`enum`:[1,null]},`minContains`:2,"
                        + "`items`:{`type`:[`null`,`string`]},`minItems`:3}",
                "{`type`:`array`,`not`:{`items`:{`type`:`integer`}},`items`:{`type`:[`integer`,`null`]},`maxItems`:4}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`}},`patternProperties`:{`^[ab]$`:{`type`:[`null`,"
                        + "`boolean`]}},`additionalProperties`:false,`minProperties`:1}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`}},`patternProperties`:{`^a$`:{}},"
                        + "`additionalProperties`:{`type`:`null`},`maxProperties`:2}",
                "{`type`:`object`,`anyOf`:[{`properties`:{`a`:{`const`:1}},`required`:[`a`]},{`properties`:{`b`:{`const`:2}},"
                        + "`required`:[`b`]}],`properties`:{`c`:{`type`:`null`}},`unevaluatedProperties`:false}",
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:[`integer`,`boolean`,`string`],`maximum`:20,`maxLength`:2},"
                        + "`minItems`:3}",
                "{`type`:`object`,`additionalProperties`:{`type`:`array`,`uniqueItems`:true,`items`:{`enum`:[1,`é`,null]},"
                        + "`minItems`:1},`minProperties`:2}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`}},`not`:{`properties`:{`a`:true},`additionalProperties`:false},"
                        + "`propertyNames`:{`pattern`:`^[aéz/]{1,3}$`}}",
                "{`type`:`object`,`properties`:{`a`:{`type`:`null`},`b`:{}},`additionalProperties`:{`type`:[`integer`,`null`]},"
                        + "`required`:[`b`],`not`:{`additionalProperties`:{`type`:`null`}},`maxProperties`:4}",
                "{`type`:`string`,`format`:`date`}",
                "{`type`:`string`,`format`:`ipv6`}",
                "{`type`:`string`,`format`:`uuid`}",
                "{}",
            })
    void everyRandomDocumentIsComplete(String quoted) throws IOException {
        String schema = quoted.replace('`', '"');
        Predicate<byte[]> validator = validator(schema);
        for (SchemaOptions options : new SchemaOptions[] {
            SchemaOptions.GENERATION,
            SchemaOptions.GENERATION.withSchemaOrder(),
            SchemaOptions.GENERATION.withWhitespace(),
            SchemaOptions.GENERATION.withWhitespace(Whitespace.INDENTED),
            SchemaOptions.GENERATION.written(Escapes.ANY, Separators.of(", ", ": ")),
            SchemaOptions.GENERATION.written(Escapes.ASCII, Separators.of(",\t", " : "))
        }) {
            Constraint constraint = JsonSchema.compile(schema, options, CompileLimits.DEFAULT);
            int least = constraint.start().fewestBytesToAccept();
            for (int budget : new int[] {least, least + 1, least + 7, least + 120}) {
                long seed = 31L * budget + schema.hashCode();
                RandomWalks.walk(constraint, RandomWalks.count() / 10, budget, seed, validator)
                        .assertClean(schema + " in " + budget + " bytes", seed);
            }
        }
    }

    private static Predicate<byte[]> validator(String schema) throws IOException {
        com.networknt.schema.JsonSchema judge = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(
                        STRICT.readTree(schema),
                        SchemaValidatorsConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build());
        assertThat(judge.validate(STRICT.readTree("[\"no schema here has this\"]"))
                        .isEmpty())
                .isEqualTo(schema.equals("{}"));
        return document -> {
            try {
                return judge.validate(STRICT.readTree(document)).isEmpty();
            } catch (IOException e) {
                return false;
            }
        };
    }
}
