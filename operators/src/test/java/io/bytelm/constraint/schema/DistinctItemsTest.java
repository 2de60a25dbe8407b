package io.bytelm.constraint.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bytelm.constraint.CompileLimits;
import io.bytelm.constraint.Constraint;
import io.bytelm.constraint.ConstraintException;
import io.bytelm.constraint.Languages;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Arrays of which no two items are equal, against all of them written out. */
class DistinctItemsTest {
    private static Constraint compile(String quoted) {
        return JsonSchema.compile(quoted.replace('`', '"'), SchemaOptions.GENERATION, CompileLimits.DEFAULT);
    }

    /** All arrays of so many different items. */
    private static Set<String> arrays(List<String> items, int min, int max) {
        Set<String> arrays = new TreeSet<>();
        addArrays(items, List.of(), min, max, arrays);
        return arrays;
    }

    private static void addArrays(List<String> items, List<String> chosen, int min, int max, Set<String> arrays) {
        if (chosen.size() >= min) {
            arrays.add("[" + String.join(",", chosen) + "]");
        }
        for (String item : chosen.size() < max ? items : List.<String>of()) {
            if (!chosen.contains(item)) {
                Set<String> more = new LinkedHashSet<>(chosen);
                more.add(item);
                addArrays(items, List.copyOf(more), min, max, arrays);
            }
        }
    }

    @Test
    void constantsComeOnceEach() {
        List<String> items = List.of("1", "12", "\"a\"", "\"ab\"", "true", "null", "-3.5");
        String list = String.join(",", items);
        for (int min = 0; min < 4; min++) {
            Constraint constraint = compile("{`type`:`array`,`uniqueItems`:true,`items`:{`enum`:[" + list
                    + ",1.0,`a`]},`minItems`:" + min + ",`maxItems`:4}");
            assertThat(Languages.of(constraint, 100)).isEqualTo(arrays(items, min, 4));
        }
    }

    @Test
    void numbersOfARangeComeOnceEach() {
        List<String> items =
                IntStream.rangeClosed(-2, 11).mapToObj(Integer::toString).toList();
        Constraint constraint = compile(
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`integer`,`minimum`:-2,`maximum`:11},`minItems`:1,`maxItems`:3}");
        assertThat(Languages.of(constraint, 100)).isEqualTo(arrays(items, 1, 3));
    }

    @Test
    void asManyComeAsThereAre() {
        Constraint constraint =
                compile("{`type`:`array`,`uniqueItems`:true,`items`:{`type`:[`boolean`,`null`]},`minItems`:2}");
        assertThat(Languages.of(constraint, 100)).isEqualTo(arrays(List.of("true", "false", "null"), 2, 3));
        assertThatThrownBy(() -> compile("{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`boolean`},`minItems`:3}"))
                .isInstanceOf(ConstraintException.class)
                .hasMessageContaining("no JSON value satisfies the schema");
    }

    @Test
    void stringsWithoutNumberComeOnceEach() {
        Constraint constraint = compile(
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`string`,`pattern`:`^[ab]+$`},`minItems`:2}");
        List<String> words =
                List.of("a", "b", "aa", "ab", "ba", "bb", "aaa", "aab", "aba", "abb", "baa", "bab", "bba", "bbb");
        List<String> items = words.stream().map(word -> '"' + word + '"').toList();
        Set<String> all = new TreeSet<>(arrays(items, 2, 3));
        all.removeIf(text -> text.length() > 14);
        Set<String> compiled = new TreeSet<>(Languages.of(constraint, 14));
        compiled.removeIf(text -> text.matches(".*[ab]{4}.*"));
        assertThat(compiled).isEqualTo(all);
    }

    @Test
    void otherArraysMayStandBesideThem() {
        Constraint constraint = compile(
                "{`anyOf`:[{`type`:`array`,`uniqueItems`:true,`items`:{`enum`:[1,2]}},"
                        + "{`type`:`array`,`items`:{`const`:1},`maxItems`:3},{`type`:`array`,`items`:{`const`:{}},`maxItems`:1}]}");
        Set<String> all = arrays(List.of("1", "2"), 0, 2);
        all.addAll(List.of("[1,1]", "[1,1,1]", "[{}]"));
        assertThat(Languages.of(constraint, 100)).isEqualTo(all);
    }

    @Test
    void tuplesOfLikeItemsAreArrays() {
        Constraint constraint = compile("{`type`:`array`,`uniqueItems`:true,`prefixItems`:[{`type`:`boolean`},"
                + "{`enum`:[true,false]}],`items`:false}");
        assertThat(Languages.of(constraint, 100)).isEqualTo(arrays(List.of("true", "false"), 0, 2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{`type`:`array`,`uniqueItems`:true}",
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`object`}}",
                "{`type`:`array`,`uniqueItems`:true,`prefixItems`:[{`const`:1},{`const`:2}],`items`:false}",
                "{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`string`},`contains`:{`const`:`a`}}",
                "{`not`:{`type`:`array`,`uniqueItems`:true,`items`:{`type`:`string`}},`uniqueItems`:false}",
            })
    void whatIsNotEnforcedIsRefusedAtItsPlace(String quoted) {
        assertThatThrownBy(() -> compile(quoted))
                .isInstanceOf(ConstraintException.class)
                .hasMessageMatching("#(/not)?/uniqueItems: .*(not enforced).*");
    }
}
