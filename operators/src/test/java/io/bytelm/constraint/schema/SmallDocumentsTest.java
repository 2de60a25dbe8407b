package io.bytelm.constraint.schema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.RandomWalks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every document of a small world, judged by the compiled schema and by another implementation of the standard. */
class SmallDocumentsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> SCALARS = List.of("0", "1", "2", "\"a\"", "\"b\"", "null", "true");
    private static final List<String> KEYS = List.of("a", "ab", "b", "c");
    private static final List<String> MEMBER_VALUES = List.of("0", "1", "\"a\"", "null");
    private static final int LONGEST_ARRAY = 4;
    private static final List<String> DOCUMENTS = documents();

    private static List<String> documents() {
        List<String> documents = new ArrayList<>(SCALARS);
        List<String> arrays = List.of("");
        for (int length = 0; length <= LONGEST_ARRAY; length++) {
            arrays.forEach(items -> documents.add("[" + items + "]"));
            arrays = arrays.stream()
                    .flatMap(items -> SCALARS.stream().map(item -> items.isEmpty() ? item : items + "," + item))
                    .toList();
        }
        addObjects("", 0, documents);
        return documents;
    }

    private static void addObjects(String members, int key, List<String> documents) {
        if (key == KEYS.size()) {
            documents.add("{" + members + "}");
            return;
        }
        addObjects(members, key + 1, documents);
        for (String value : MEMBER_VALUES) {
            String member = "\"" + KEYS.get(key) + "\":" + value;
            addObjects(members.isEmpty() ? member : members + "," + member, key + 1, documents);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`allOf`:[{`contains`:{`const`:1}},{`contains`:{`type`:`string`}}]}",
                "{`type`:`array`,`allOf`:[{`contains`:{`type`:`integer`},`minContains`:2},{`contains`:{`const`:1},`maxContains`:1},"
                        + "{`contains`:{`type`:[`string`,`null`]}}]}",
                "{`type`:`array`,`not`:{`allOf`:[{`contains`:{`const`:1},`maxContains`:2},{`items`:{`type`:`integer`}}]}}",
                "{`oneOf`:[{`items`:{`type`:`integer`}},{`items`:{`type`:[`integer`,`null`]},`minItems`:1},{`items`:{`type`:`string`}}]}",
                "{`oneOf`:[{`type`:`array`,`items`:{`enum`:[0,1]}},{`type`:`array`,`items`:{`enum`:[1,2]}},"
                        + "{`type`:`array`,`items`:{`enum`:[0,2]}}]}",
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:[`integer`,`string`,`boolean`,`null`]},`minItems`:2}",
                "{`type`:`array`,`uniqueItems`:true,`items`:{`enum`:[0,`a`,null]}}",
                "{`type`:`array`,`prefixItems`:[{`type`:`string`}],`items`:{`type`:`integer`},`not`:{`prefixItems`:[{}],"
                        + "`items`:{`type`:`string`}},`contains`:{`not`:{`type`:`null`}},`maxContains`:3}",
                "{`oneOf`:[{`type`:`array`,`items`:{`enum`:[0,1]}},{`type`:`array`,`items`:{`enum`:[2]}},{`type`:`array`,"
                        + "`items`:{`enum`:[`a`]}},{`type`:`array`,`items`:{`enum`:[`b`]}},{`type`:`array`,`items`:{`enum`:"
                        + "[null]}},{`type`:`array`,`items`:{`enum`:[true]}},{`type`:`array`,`items`:{`enum`:[false]}},"
                        + "{`type`:`array`,`items`:{`enum`:[3]}}]}",
                "{`type`:`object`,`not`:{`properties`:{`a`:{}},`additionalProperties`:false}}",
                "{`type`:`object`,`required`:[`b`],`not`:{`properties`:{`a`:{}},`additionalProperties`:{`const`:`a`}}}",
                "{`type`:`object`,`dependentRequired`:{`a`:[`b`]},`not`:{`additionalProperties`:{`const`:`a`}}}",
                "{`type`:`object`,`properties`:{`a`:{`const`:0}},`not`:{`properties`:{`a`:{}},`additionalProperties`:{`type`:`null`}}}",
                "{`type`:`object`,`not`:{`patternProperties`:{`^a`:{`type`:`integer`}},`additionalProperties`:{`const`:1}},"
                        + "`maxProperties`:2}",
                "{`type`:`object`,`oneOf`:[{`additionalProperties`:{`type`:`integer`}},{`additionalProperties`:{`enum`:[0,`a`]}}]}",
                "{`type`:`object`,`minProperties`:1,`maxProperties`:3,`dependentRequired`:{`a`:[`b`],`b`:[`c`]}}",
                "{`type`:`object`,`minProperties`:2,`required`:[`ab`],`dependentRequired`:{`ab`:[`ab`],`a`:[`b`,`c`]},"
                        + "`additionalProperties`:false,`properties`:{`a`:{},`b`:{},`c`:{},`ab`:{}},`maxProperties`:2}",
                "{`type`:`object`,`allOf`:[{`not`:{`additionalProperties`:{`type`:`integer`}}},"
                        + "{`not`:{`additionalProperties`:{`type`:`string`}}}]}",
                "{`type`:`object`,`maxProperties`:1,`allOf`:[{`not`:{`additionalProperties`:{`type`:`integer`}}},"
                        + "{`not`:{`additionalProperties`:{`type`:`string`}}}]}",
                "{`type`:`object`,`properties`:{`a`:{`const`:0}},`minProperties`:3,`not`:{`patternProperties`:"
                        + "{`^a`:{`const`:0}}},`oneOf`:[{`additionalProperties`:{`type`:`integer`}},{`additionalProperties`:"
                        + "{`enum`:[0,`a`]}},{`additionalProperties`:{`type`:`null`}}]}",
                "{`type`:`object`,`minProperties`:3,`not`:{`properties`:{`a`:{}},`additionalProperties`:false}}",
                "{`type`:`object`,`oneOf`:[{`properties`:{`a`:{`const`:0},`b`:{`const`:0}}},{`properties`:{`a`:{`const`:1},"
                        + "`b`:{`const`:1}}},{`properties`:{`a`:{`const`:`a`},`c`:{`const`:0}},`required`:[`c`]}]}",
                "{`type`:`object`,`if`:{`properties`:{`a`:{`const`:0}},`required`:[`a`]},`then`:{`required`:[`b`]},`else`:"
                        + "{`if`:{`properties`:{`a`:{`const`:1}},`required`:[`a`]},`then`:{`required`:[`c`]},`else`:{`maxProperties`:2}}}",
            })
    void eachIsJudgedAsTheStandardSays(String quoted) throws JsonProcessingException {
        String schema = quoted.replace('`', '"');
        com.networknt.schema.JsonSchema judge =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(JSON.readTree(schema));
        Constraint constraint = JsonSchema.compile(schema, SchemaOptions.GENERATION, CompileLimits.DEFAULT);
        int valid = 0;
        for (String document : DOCUMENTS) {
            boolean expected = judge.validate(JSON.readTree(document)).isEmpty();
            valid += expected ? 1 : 0;
            assertThat(RandomWalks.accepts(constraint, document.getBytes(UTF_8)))
                    .as(document)
                    .isEqualTo(expected);
        }
        assertThat(valid).isBetween(1, DOCUMENTS.size() - 1);
    }
}
